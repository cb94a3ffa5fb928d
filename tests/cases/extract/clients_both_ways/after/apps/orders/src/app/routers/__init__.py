"""routers of the orders service."""
