"""services of the orders service."""
