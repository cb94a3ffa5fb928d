"""How services that call each other find each other: names of environment variables."""

from __future__ import annotations

TOKEN = "INTERNAL_TOKEN"
"""The environment variable that has the token by which services know each other."""


def variable(owner: str) -> str:
    """The environment variable that says where an owner is, `AGENT_MANAGEMENT_URL`."""
    return f"{owner.replace('-', '_').upper()}_URL"
