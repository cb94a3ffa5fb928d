"""Names for the values that every layer passes around."""

from enum import StrEnum

__all__ = ["AgentState", "Credits", "EscrowState", "JobState", "PaymentState", "Role"]

Credits = int
"""The smallest unit of value; amounts are never fractions."""


class Role(StrEnum):
    """What a user is, which decides what a user may do."""

    CLIENT = "client"
    OPERATOR = "operator"
    ADMIN = "admin"


class AgentState(StrEnum):
    """Where an agent, or one run of it, stands."""

    IDLE = "idle"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


class PaymentState(StrEnum):
    """Where a payment stands."""

    PENDING = "pending"
    HELD = "held"
    SETTLED = "settled"
    REFUNDED = "refunded"


class EscrowState(StrEnum):
    """Where the money in escrow stands."""

    HELD = "held"
    RELEASED = "released"
    REFUNDED = "refunded"
