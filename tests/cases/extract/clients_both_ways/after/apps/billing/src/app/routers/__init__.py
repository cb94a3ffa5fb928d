"""routers of the billing service."""
