"""services of the billing service."""
