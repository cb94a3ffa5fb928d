"""sales of the carts service."""
