"""services of the users service."""
