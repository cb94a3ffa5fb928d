"""domain of the billing service."""
