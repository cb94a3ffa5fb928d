from . import users

__all__ = ["users"]
