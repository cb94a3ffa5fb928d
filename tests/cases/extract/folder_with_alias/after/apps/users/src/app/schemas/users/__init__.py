from backend_core.schemas.users.token import Token
from .user import User

__all__ = ["Token", "User"]
