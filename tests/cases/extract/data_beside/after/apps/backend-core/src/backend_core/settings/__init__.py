"""settings of the core."""
