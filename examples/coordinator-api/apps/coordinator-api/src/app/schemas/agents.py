"""Bodies for agents."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from ..custom_types import AgentState, Credits

__all__ = [
    "AgentCreate",
    "AgentRead",
    "ConnectorAttach",
    "EventIn",
    "MessageRead",
    "MessageSend",
    "RunRead",
    "RunStart",
    "ServicePublish",
    "ServiceRead",
]


class AgentCreate(BaseModel):
    """A new agent."""

    name: str = Field(min_length=1, max_length=80)
    capability: str = "general"


class AgentRead(BaseModel):
    """An agent as others see it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    owner_id: str
    name: str
    capability: str
    state: AgentState
    score: float


class RunStart(BaseModel):
    """What an agent shall do."""

    kind: str = "inference"
    payload: dict[str, Any] = Field(default_factory=dict)
    gpu_hours: int = Field(default=0, ge=0, le=72)
    budget: Credits = Field(default=100, ge=0)


class RunRead(BaseModel):
    """A run as others see it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    agent_id: str
    job_id: str | None
    state: AgentState
    fee: Credits
    seconds: float


class MessageSend(BaseModel):
    """A message to another agent."""

    recipient_id: str
    body: str = Field(max_length=4000)


class MessageRead(BaseModel):
    """A message as it was received."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    sender_id: str
    recipient_id: str
    body: str
    created_at: datetime


class ServicePublish(BaseModel):
    """An offer to other users."""

    agent_id: str
    title: str
    price: Credits = Field(gt=0)


class ServiceRead(BaseModel):
    """An offer as others see it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    agent_id: str
    title: str
    price: Credits
    orders: int


class ConnectorAttach(BaseModel):
    """An outside system to connect."""

    kind: str
    settings: dict[str, Any] = Field(default_factory=dict)


class EventIn(BaseModel):
    """Something that happened in a connected system."""

    event: str
    payload: dict[str, Any] = Field(default_factory=dict)
