"""That what a service calls of others is what its clients and contracts say."""

from __future__ import annotations

from collections.abc import Sequence

from decomposer.checks.contract import shortened
from decomposer.model.certificate import Check, checked


def as_agreed(trouble: Sequence[str]) -> Check:
    """That nothing which a service calls has changed since; `trouble` says what has, and where."""
    return checked("calls", "what it calls of others is as its clients and their contracts say", shortened([*trouble]))
