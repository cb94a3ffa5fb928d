"""Cache."""

KEPT = {}
