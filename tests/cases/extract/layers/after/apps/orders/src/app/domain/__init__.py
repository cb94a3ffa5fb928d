"""domain of the orders service."""
