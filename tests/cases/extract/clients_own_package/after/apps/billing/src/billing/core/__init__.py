"""core of the billing service."""
