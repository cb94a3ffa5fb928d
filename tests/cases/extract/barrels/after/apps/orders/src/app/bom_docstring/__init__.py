"""With a byte order mark."""
