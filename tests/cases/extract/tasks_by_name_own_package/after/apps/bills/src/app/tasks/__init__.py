"""tasks of the bills service."""
