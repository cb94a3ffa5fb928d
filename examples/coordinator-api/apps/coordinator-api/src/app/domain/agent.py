"""Agents, what they did, what they offer and what they say to each other."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Optional

from sqlalchemy import JSON, Column, DateTime
from sqlalchemy.orm import relationship
from sqlmodel import Field, Relationship, SQLModel

from shared_lib.ids import new_id

from ..custom_types import AgentState, Credits
from ..utils.clock import utcnow

if TYPE_CHECKING:
    from .enterprise import ComplianceFinding
    from .user import User


class Agent(SQLModel, table=True):
    """A program that works for its owner."""

    __tablename__ = "agents"

    id: str = Field(default_factory=partial(new_id, "agt"), primary_key=True)
    owner_id: str = Field(foreign_key="users.id", index=True)
    name: str
    capability: str
    state: AgentState = AgentState.IDLE
    score: float = 0.0
    owner: Optional["User"] = Relationship(back_populates="agents")
    runs: list["AgentRun"] = Relationship(back_populates="agent")
    findings: list["ComplianceFinding"] = Relationship(
        sa_relationship=relationship("ComplianceFinding", back_populates="agent")
    )


class AgentRun(SQLModel, table=True):
    """One piece of work of one agent, backed by a job."""

    __tablename__ = "agent_runs"

    id: str = Field(default_factory=partial(new_id, "run"), primary_key=True)
    agent_id: str = Field(foreign_key="agents.id", index=True)
    job_id: str | None = Field(default=None, foreign_key="jobs.id")
    state: AgentState = AgentState.RUNNING
    fee: Credits = 0
    seconds: float = 0.0
    started_at: datetime = Field(default_factory=utcnow, sa_type=DateTime)
    agent: Agent | None = Relationship(back_populates="runs")


class AgentService(SQLModel, table=True):
    """Something an agent does for others at a price."""

    __tablename__ = "agent_services"

    id: str = Field(default_factory=partial(new_id, "svc"), primary_key=True)
    agent_id: str = Field(foreign_key="agents.id", index=True)
    title: str
    price: Credits
    orders: int = 0


class AgentMessage(SQLModel, table=True):
    """A message from one agent to another."""

    __tablename__ = "agent_messages"

    id: str = Field(default_factory=partial(new_id, "msg"), primary_key=True)
    sender_id: str = Field(foreign_key="agents.id", index=True)
    recipient_id: str = Field(foreign_key="agents.id", index=True)
    body: str
    digest: str
    created_at: datetime = Field(default_factory=utcnow, sa_type=DateTime)


class AgentConnector(SQLModel, table=True):
    """An outside system that an agent is connected to."""

    __tablename__ = "agent_connectors"

    id: str = Field(default_factory=partial(new_id, "con"), primary_key=True)
    agent_id: str = Field(foreign_key="agents.id", index=True)
    kind: str
    settings: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON))
