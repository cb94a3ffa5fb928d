"""Opening sessions and creating tables."""

from collections.abc import Iterator

from sqlmodel import Session, SQLModel

from .. import domain  # noqa: F401  (the tables register themselves on import)
from ..database import engine


def init_db() -> None:
    """Create the tables that do not exist yet."""
    SQLModel.metadata.create_all(engine)


def reset_db() -> None:
    """Drop every table and create it anew."""
    SQLModel.metadata.drop_all(engine)
    SQLModel.metadata.create_all(engine)


def get_session() -> Iterator[Session]:
    """Yield a session that is closed when the request is over."""
    with Session(engine, expire_on_commit=False) as session:  # answers are written after the commit
        yield session
