"""shop of the stock service."""
