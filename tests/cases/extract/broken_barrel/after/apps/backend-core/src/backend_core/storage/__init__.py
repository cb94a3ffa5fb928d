"""storage of the core."""
