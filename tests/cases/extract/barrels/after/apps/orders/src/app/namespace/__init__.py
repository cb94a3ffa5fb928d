"""namespace of the orders service."""
