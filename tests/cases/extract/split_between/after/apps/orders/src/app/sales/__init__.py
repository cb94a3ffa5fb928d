"""sales of the orders service."""
