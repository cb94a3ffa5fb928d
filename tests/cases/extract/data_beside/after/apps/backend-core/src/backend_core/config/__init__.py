"""config of the core."""
