"""core of the orders service."""
