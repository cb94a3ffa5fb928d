"""Bodies for wallets, payments and contracts."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from ..custom_types import Credits, PaymentState

__all__ = ["ContractDeploy", "Deposit", "LinkRead", "PaymentCreate", "PaymentRead", "WalletRead"]


class Deposit(BaseModel):
    """Credits to add to a wallet."""

    amount: Credits = Field(gt=0)


class WalletRead(BaseModel):
    """A wallet and what is in it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    user_id: str
    balance: Credits


class PaymentCreate(BaseModel):
    """An order to pay."""

    payer_id: str
    payee_id: str
    amount: Credits = Field(gt=0)
    job_id: str | None = None


class PaymentRead(BaseModel):
    """A payment and where it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    payer_id: str
    payee_id: str
    amount: Credits
    fee: Credits
    state: PaymentState


class LinkRead(BaseModel):
    """One link of the chain."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    height: int
    contract_id: str | None
    payment_id: str | None
    memo: str
    previous: str
    digest: str
    created_at: datetime


class ContractDeploy(BaseModel):
    """Code for the chain."""

    name: str
    code: str
    deployer_id: str | None = None
