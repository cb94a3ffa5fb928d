"""A public view over jobs, payments and the chain."""

from typing import Any

from sqlmodel import Session, col, func, select

from ..domain import ChainTransaction, Job, Miner, Payment
from .jobs import JobService


class ExplorerService:
    """Read-only questions that anybody may ask."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def summary(self) -> dict[str, int]:
        """Return how many of everything there are."""
        return {
            table.__tablename__: self.session.exec(select(func.count()).select_from(table)).one()
            for table in (Job, Miner, Payment, ChainTransaction)
        }

    def latest(self, limit: int) -> list[ChainTransaction]:
        """Return the newest links of the chain."""
        query = select(ChainTransaction).order_by(col(ChainTransaction.height).desc()).limit(limit)
        return list(self.session.exec(query))

    def trace(self, job_id: str) -> dict[str, Any]:
        """Return a job with its payments and what the chain says about them."""
        job = JobService(self.session).get(job_id)
        payments = self.session.exec(select(Payment).where(Payment.job_id == job_id)).all()
        ids = [payment.id for payment in payments]
        links = self.session.exec(
            select(ChainTransaction).where(col(ChainTransaction.payment_id).in_(ids))
        ).all()
        return {
            "job": job.id,
            "state": job.state,
            "payments": {payment.id: payment.state for payment in payments},
            "chain": [link.digest for link in links],
        }
