"""crlf of the orders service."""
