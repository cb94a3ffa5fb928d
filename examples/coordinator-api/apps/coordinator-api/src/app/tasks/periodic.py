"""Housekeeping; the tasks here go by their dotted names."""

from datetime import timedelta

from sqlmodel import Session, col, delete

from ..database import engine
from ..domain import AgentMessage, AuditEntry
from ..utils.clock import utcnow
from .registry import task


@task()
def prune_messages(days: int = 30) -> int:
    """Delete messages older than `days` and return how many there were."""
    with Session(engine) as session:
        old = delete(AgentMessage).where(col(AgentMessage.created_at) < utcnow() - timedelta(days=days))
        count = session.exec(old).rowcount
        session.add(AuditEntry(action="messages.pruned", subject=str(count)))
        session.commit()
        return count


@task("maintenance.ping")
def ping(answer: str = "pong") -> str:
    """Return `answer`: is anybody there?"""
    return answer
