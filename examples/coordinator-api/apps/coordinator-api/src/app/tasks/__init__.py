"""Work that is called by name, now or on a schedule."""

from .registry import SCHEDULE, registry, task

__all__ = ["SCHEDULE", "registry", "task"]
