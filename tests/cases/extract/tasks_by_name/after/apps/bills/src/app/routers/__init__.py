"""routers of the bills service."""
