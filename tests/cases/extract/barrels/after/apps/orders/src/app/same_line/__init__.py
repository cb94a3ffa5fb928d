"""same_line of the orders service."""
