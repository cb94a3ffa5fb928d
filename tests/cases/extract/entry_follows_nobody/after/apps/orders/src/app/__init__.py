"""app of the orders service."""
