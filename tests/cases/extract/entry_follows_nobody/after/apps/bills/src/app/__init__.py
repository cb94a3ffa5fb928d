"""app of the bills service."""
