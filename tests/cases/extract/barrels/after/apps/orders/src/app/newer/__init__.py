"""newer of the orders service."""
