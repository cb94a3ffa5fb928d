"""Contracts, the chain of transactions and the money in escrow."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Optional

from sqlalchemy import Column, DateTime, ForeignKey, String
from sqlalchemy.orm import relationship
from sqlmodel import Field, Relationship, SQLModel

from shared_lib import new_id

from ..custom_types import EscrowState
from ..utils.clock import utcnow

if TYPE_CHECKING:
    from .payment import Payment


class Contract(SQLModel, table=True):
    """Code that an agent put on the chain."""

    __tablename__ = "contracts"

    id: str = Field(default_factory=partial(new_id, "ctr"), primary_key=True)
    deployer_id: str | None = Field(default=None, foreign_key="agents.id")
    name: str
    address: str = Field(unique=True)
    code_digest: str


class ChainTransaction(SQLModel, table=True):
    """One link of the chain; `digest` covers the link before it."""

    __tablename__ = "chain_transactions"

    id: str = Field(default_factory=partial(new_id, "txn"), primary_key=True)
    height: int = Field(unique=True)
    contract_id: str | None = Field(default=None, foreign_key="contracts.id")
    payment_id: str | None = Field(default=None, foreign_key="payments.id", index=True)
    memo: str
    previous: str
    digest: str
    created_at: datetime = Field(default_factory=utcnow, sa_type=DateTime)


class Escrow(SQLModel, table=True):
    """A payment that is held until someone says that the work is done."""

    __tablename__ = "escrows"

    id: str = Field(default_factory=partial(new_id, "esc"), primary_key=True)
    payment_id: str = Field(sa_column=Column(String, ForeignKey("payments.id"), unique=True))
    contract_id: str | None = Field(default=None, foreign_key="contracts.id")
    state: EscrowState = EscrowState.HELD
    payment: Optional["Payment"] = Relationship(
        sa_relationship=relationship("app.domain.payment.Payment", back_populates="escrow")
    )
