"""Agents talking to each other: stored messages, and a hub for those who listen."""

import asyncio
import logging
from collections import defaultdict

from sqlmodel import Session, col, func, or_, select

from ..domain import AgentMessage
from ..utils.hashing import short_digest

logger = logging.getLogger("app.services.agent_communication")


class MessageHub:
    """Hands a message on to every listener of its recipient."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Queue[str]]] = defaultdict(set)

    def listen(self, agent_id: str) -> asyncio.Queue[str]:
        """Return a queue that receives what is sent to the agent from now on."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._listeners[agent_id].add(queue)
        return queue

    def leave(self, agent_id: str, queue: asyncio.Queue[str]) -> None:
        """Stop listening."""
        self._listeners[agent_id].discard(queue)

    def publish(self, agent_id: str, body: str) -> int:
        """Hand a message to the listeners and return how many there are."""
        listeners = self._listeners[agent_id]
        for queue in listeners:
            queue.put_nowait(body)
        return len(listeners)


hub = MessageHub()


def send(session: Session, sender_id: str, recipient_id: str, body: str) -> AgentMessage:
    """Store a message and tell whoever listens."""
    message = AgentMessage(
        sender_id=sender_id,
        recipient_id=recipient_id,
        body=body,
        digest=short_digest([sender_id, recipient_id, body]),
    )
    session.add(message)
    session.commit()
    heard = hub.publish(recipient_id, body)
    logger.info("%s heard by %d", message.id, heard)
    return message


def inbox(session: Session, agent_id: str, limit: int = 50) -> list[AgentMessage]:
    """Return what an agent was sent, newest first."""
    query = select(AgentMessage).where(AgentMessage.recipient_id == agent_id)
    return list(session.exec(query.order_by(col(AgentMessage.created_at).desc()).limit(limit)))


def conversation(session: Session, one: str, other: str) -> list[AgentMessage]:
    """Return what two agents told each other, in order."""
    query = select(AgentMessage).where(
        or_(
            (AgentMessage.sender_id == one) & (AgentMessage.recipient_id == other),
            (AgentMessage.sender_id == other) & (AgentMessage.recipient_id == one),
        )
    )
    return list(session.exec(query.order_by(col(AgentMessage.created_at))))


def volume(session: Session, agent_id: str) -> int:
    """Return how many messages an agent has sent."""
    query = select(func.count()).select_from(AgentMessage).where(AgentMessage.sender_id == agent_id)
    return session.exec(query).one()


def is_repetitive(session: Session, agent_id: str, threshold: int = 3) -> bool:
    """Say whether an agent has sent one and the same message `threshold` times or more."""
    query = (
        select(func.count())
        .select_from(AgentMessage)
        .where(AgentMessage.sender_id == agent_id)
        .group_by(AgentMessage.digest)
        .order_by(func.count().desc())
    )
    return (session.exec(query).first() or 0) >= threshold
