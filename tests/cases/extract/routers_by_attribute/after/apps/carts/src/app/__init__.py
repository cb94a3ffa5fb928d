"""app of the carts service."""
