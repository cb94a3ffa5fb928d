"""services of the core."""
