"""assets of the users service."""
