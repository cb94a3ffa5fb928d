"""Users and their sessions."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import DateTime
from sqlmodel import Field, Relationship, SQLModel

from shared_lib.ids import new_id

from ..custom_types import Role
from ..utils.clock import utcnow

if TYPE_CHECKING:
    from .agent import Agent


class User(SQLModel, table=True):
    """A person or a machine that signs in."""

    __tablename__ = "users"

    id: str = Field(default_factory=partial(new_id, "usr"), primary_key=True)
    email: str = Field(unique=True)
    password_hash: str
    role: Role = Role.CLIENT
    sessions: list["ApiSession"] = Relationship(back_populates="user")
    agents: list["Agent"] = Relationship(back_populates="owner")


class ApiSession(SQLModel, table=True):
    """One sign-in; only the digest of its token is kept."""

    __tablename__ = "api_sessions"

    id: str = Field(default_factory=partial(new_id, "ses"), primary_key=True)
    user_id: str = Field(foreign_key="users.id", index=True)
    token_digest: str
    created_at: datetime = Field(default_factory=utcnow, sa_type=DateTime)
    user: User | None = Relationship(back_populates="sessions")
