"""Wallets and the payments between them."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Optional

from sqlalchemy import Column, DateTime, ForeignKey, String
from sqlmodel import Field, Relationship, SQLModel

from shared_lib import new_id

from ..custom_types import Credits, PaymentState
from ..utils.clock import utcnow

if TYPE_CHECKING:
    from .blockchain import Escrow


class Wallet(SQLModel, table=True):
    """What a user owns."""

    __tablename__ = "wallets"

    id: str = Field(default_factory=partial(new_id, "wal"), primary_key=True)
    user_id: str = Field(foreign_key="users.id", index=True)
    balance: Credits = 0


class Payment(SQLModel, table=True):
    """Value on its way from one wallet to another."""

    __tablename__ = "payments"

    id: str = Field(default_factory=partial(new_id, "pay"), primary_key=True)
    job_id: str | None = Field(default=None, sa_column=Column(String, ForeignKey("jobs.id"), nullable=True))
    payer_id: str = Field(foreign_key="wallets.id", index=True)
    payee_id: str = Field(foreign_key="wallets.id", index=True)
    amount: Credits
    fee: Credits = 0
    state: PaymentState = PaymentState.PENDING
    created_at: datetime = Field(default_factory=utcnow, sa_type=DateTime)
    escrow: Optional["Escrow"] = Relationship(
        back_populates="payment", sa_relationship_kwargs={"uselist": False}
    )
