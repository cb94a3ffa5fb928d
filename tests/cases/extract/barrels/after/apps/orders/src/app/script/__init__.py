"""script of the orders service."""
