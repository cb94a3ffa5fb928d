"""docstring of the orders service."""
