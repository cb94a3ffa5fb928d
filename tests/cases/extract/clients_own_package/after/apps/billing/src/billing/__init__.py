"""app of the billing service."""
