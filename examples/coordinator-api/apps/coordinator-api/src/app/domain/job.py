"""Jobs, the unit of work that clients submit."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import JSON, Column, DateTime
from sqlmodel import Field, SQLModel

from shared_lib import new_id

from ..custom_types import *  # noqa: F403
from ..utils.clock import utcnow


class Job(SQLModel, table=True):
    """One computation: asked for by a client, done by a miner."""

    __tablename__ = "jobs"

    id: str = Field(default_factory=partial(new_id, "job"), primary_key=True)
    client_id: str = Field(foreign_key="users.id", index=True)
    miner_id: str | None = Field(default=None, foreign_key="miners.id")
    kind: str
    payload: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON))
    result: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    state: JobState = JobState.QUEUED  # noqa: F405
    created_at: datetime = Field(default_factory=utcnow, sa_type=DateTime)
