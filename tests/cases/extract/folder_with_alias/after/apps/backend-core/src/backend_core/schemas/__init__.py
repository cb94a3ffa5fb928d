"""schemas of the core."""
