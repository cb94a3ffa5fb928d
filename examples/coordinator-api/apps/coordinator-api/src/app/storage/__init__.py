"""Sessions on the one database."""

from .db import get_session, init_db

__all__ = ["get_session", "init_db"]
