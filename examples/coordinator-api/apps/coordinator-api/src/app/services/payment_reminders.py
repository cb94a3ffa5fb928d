"""Reminders of what is due; a scheduler finds them by the project's entry points."""

from sqlmodel import Session, select

from ..custom_types import PaymentState
from ..database import engine
from ..domain import Payment


def remind() -> int:
    """Return how many payments are due."""
    with Session(engine) as session:
        return len(session.exec(select(Payment).where(Payment.state == PaymentState.PENDING)).all())
