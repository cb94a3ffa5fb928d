"""Settings."""

ADMIN = True
