"""Identifiers that tell a reader what they belong to."""

from uuid import uuid4


def new_id(prefix: str) -> str:
    """Return a new identifier such as ``job_5f0c2a9e81d34b67``."""
    return f"{prefix}_{uuid4().hex[:16]}"
