"""shop of the orders service."""
