"""shop of the billing service."""
