"""services of the carts service."""
