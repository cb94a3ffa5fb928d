"""services of the stock service."""
