"""Tenants, what compliance found and the certificates of agents."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Optional

from sqlalchemy import DateTime
from sqlalchemy.orm import relationship
from sqlmodel import Field, Relationship, SQLModel

from shared_lib import new_id

from ..utils.clock import utcnow

if TYPE_CHECKING:
    from .agent import Agent


class Tenant(SQLModel, table=True):
    """A company and how many agents it may run."""

    __tablename__ = "tenants"

    id: str = Field(default_factory=partial(new_id, "ten"), primary_key=True)
    owner_id: str = Field(foreign_key="users.id", index=True)
    name: str
    seats: int = 5


class ComplianceFinding(SQLModel, table=True):
    """A rule that an agent broke."""

    __tablename__ = "compliance_findings"

    id: str = Field(default_factory=partial(new_id, "fnd"), primary_key=True)
    agent_id: str = Field(foreign_key="agents.id", index=True)
    tenant_id: str | None = Field(default=None, foreign_key="tenants.id")
    rule: str
    severity: int
    created_at: datetime = Field(default_factory=utcnow, sa_type=DateTime)
    agent: Optional["Agent"] = Relationship(sa_relationship=relationship("Agent", back_populates="findings"))


class Certificate(SQLModel, table=True):
    """What an agent has been certified for, and until when."""

    __tablename__ = "certificates"

    id: str = Field(default_factory=partial(new_id, "crt"), primary_key=True)
    agent_id: str = Field(foreign_key="agents.id", index=True)
    level: str
    badge: str
    expires_at: datetime = Field(sa_type=DateTime)
