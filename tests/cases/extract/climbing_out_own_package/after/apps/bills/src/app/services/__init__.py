"""services of the bills service."""
