"""Bodies for users, tenants, certificates and models."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "CertificateRead",
    "FindingRead",
    "ForecastRequest",
    "FusionRequest",
    "Login",
    "TenantCreate",
    "Token",
    "UserRead",
    "UserRegister",
]


class UserRegister(BaseModel):
    """A new user; administrators are made elsewhere."""

    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    password: str = Field(min_length=8)
    role: Literal["client", "operator"] = "client"


class UserRead(BaseModel):
    """A user without secrets."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    email: str
    role: str


class Login(BaseModel):
    """An address and its password."""

    email: str
    password: str


class Token(BaseModel):
    """What to send as ``Authorization: Bearer``."""

    token: str
    user_id: str


class TenantCreate(BaseModel):
    """A company."""

    name: str
    seats: int = Field(default=5, gt=0)


class FindingRead(BaseModel):
    """A broken rule."""

    model_config = ConfigDict(from_attributes=True)

    agent_id: str
    rule: str
    severity: int


class CertificateRead(BaseModel):
    """A certificate and how long it is good for."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    agent_id: str
    level: str
    badge: str
    expires_at: datetime


class ForecastRequest(BaseModel):
    """A series to continue."""

    series: list[float] = Field(min_length=2)
    steps: int = Field(default=3, ge=1, le=90)


class FusionRequest(BaseModel):
    """Vectors of several modalities, all of one length."""

    modalities: dict[str, list[float]] = Field(min_length=1)
    strategy: str = "weighted"
    job_id: str | None = None
