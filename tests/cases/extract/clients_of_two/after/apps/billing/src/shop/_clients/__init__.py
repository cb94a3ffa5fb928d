"""What this service calls of others over HTTP."""
