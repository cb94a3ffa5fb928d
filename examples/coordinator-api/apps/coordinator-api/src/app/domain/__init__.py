"""All tables; import them from here."""

from datetime import datetime
from functools import partial

from sqlalchemy import DateTime
from sqlmodel import Field, SQLModel

from shared_lib import new_id

from ..utils.clock import utcnow
from .agent import Agent, AgentConnector, AgentMessage, AgentRun, AgentService
from .blockchain import ChainTransaction, Contract, Escrow
from .enterprise import Certificate, ComplianceFinding, Tenant
from .gpu import Gpu, GpuBooking, Miner
from .job import Job
from .model_run import ModelRun, Verification
from .payment import Payment, Wallet
from .user import ApiSession, User


class AuditEntry(SQLModel, table=True):
    """One thing that was done; every context writes here, so it belongs to none of them."""

    __tablename__ = "audit_entries"

    id: str = Field(default_factory=partial(new_id, "aud"), primary_key=True)
    actor_id: str | None = Field(default=None, foreign_key="users.id")
    action: str = Field(index=True)
    subject: str
    created_at: datetime = Field(default_factory=utcnow, sa_type=DateTime)


__all__ = [
    "Agent",
    "AgentConnector",
    "AgentMessage",
    "AgentRun",
    "AgentService",
    "ApiSession",
    "AuditEntry",
    "Certificate",
    "ChainTransaction",
    "ComplianceFinding",
    "Contract",
    "Escrow",
    "Gpu",
    "GpuBooking",
    "Job",
    "Miner",
    "ModelRun",
    "Payment",
    "Tenant",
    "User",
    "Verification",
    "Wallet",
]
