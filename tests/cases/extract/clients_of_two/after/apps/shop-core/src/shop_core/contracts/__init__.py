"""contracts of the shared core."""
