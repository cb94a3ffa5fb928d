"""routers of the carts service."""
