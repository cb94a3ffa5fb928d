"""What one file says, read from its bytes alone."""
