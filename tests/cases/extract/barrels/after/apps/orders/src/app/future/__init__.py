"""future of the orders service."""
