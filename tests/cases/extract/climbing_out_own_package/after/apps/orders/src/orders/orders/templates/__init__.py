"""templates of the orders service."""
