"""What models computed, and whether it was checked."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import JSON, Column, DateTime
from sqlmodel import Field, SQLModel

from shared_lib import new_id

from ..utils.clock import utcnow


class ModelRun(SQLModel, table=True):
    """One evaluation of a model, for a job or for an agent's run."""

    __tablename__ = "model_runs"

    id: str = Field(default_factory=partial(new_id, "mdl"), primary_key=True)
    job_id: str | None = Field(default=None, foreign_key="jobs.id")
    agent_run_id: str | None = Field(default=None, foreign_key="agent_runs.id")
    strategy: str
    inputs: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON))
    output: list[float] = Field(default_factory=list, sa_column=Column(JSON))
    commitment: str
    created_at: datetime = Field(default_factory=utcnow, sa_type=DateTime)


class Verification(SQLModel, table=True):
    """The outcome of checking one model run."""

    __tablename__ = "model_verifications"

    id: str = Field(default_factory=partial(new_id, "ver"), primary_key=True)
    model_run_id: str = Field(foreign_key="model_runs.id", index=True)
    verified: bool
