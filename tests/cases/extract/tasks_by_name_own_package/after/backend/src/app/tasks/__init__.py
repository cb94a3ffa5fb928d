from .registry import SCHEDULE, registry

__all__ = ["SCHEDULE", "registry"]
