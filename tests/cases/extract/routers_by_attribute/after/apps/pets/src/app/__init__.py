"""app of the pets service."""
