"""bom of the orders service."""
