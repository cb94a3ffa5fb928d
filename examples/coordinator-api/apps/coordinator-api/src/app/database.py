"""The engine: one shared connection for SQLite in memory, a pool for anything else."""

from sqlalchemy.engine import Engine
from sqlalchemy.pool import StaticPool
from sqlmodel import create_engine

from .config import settings


def make_engine(url: str) -> Engine:
    """Return an engine for `url`; every thread sees the same in-memory database."""
    if url in ("sqlite://", "sqlite:///:memory:"):
        return create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    return create_engine(url, pool_pre_ping=True)


engine = make_engine(settings.database_url)
