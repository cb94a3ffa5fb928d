"""app of the b service."""
