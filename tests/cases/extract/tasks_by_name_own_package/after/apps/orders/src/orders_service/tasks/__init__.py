from app.tasks.registry import registry

__all__ = ["registry"]
