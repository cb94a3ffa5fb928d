"""app of the a service."""
