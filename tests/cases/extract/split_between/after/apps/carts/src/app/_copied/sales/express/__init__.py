"""sales.express of the carts service."""
