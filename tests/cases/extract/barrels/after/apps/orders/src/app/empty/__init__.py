"""empty of the orders service."""
