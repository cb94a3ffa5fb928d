"""app of the users service."""
