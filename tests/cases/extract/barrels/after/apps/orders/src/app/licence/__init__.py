"""licence of the orders service."""
