"""tasks of the orders service."""
