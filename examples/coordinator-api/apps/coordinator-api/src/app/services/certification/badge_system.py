"""Levels and the badges that show them."""

from sqlmodel import Session

from ...utils.hashing import short_digest

LEVELS = {"gold": 90.0, "silver": 75.0, "bronze": 50.0}
"""The score that each level needs, best first."""


def level_for(score: float) -> str | None:
    """Return the best level that a score reaches."""
    return next((level for level, least in LEVELS.items() if score >= least), None)


def badge_for(level: str, agent_id: str) -> str:
    """Return a badge that cannot be mistaken for another agent's."""
    return f"{level}-{short_digest([level, agent_id], 8)}"


def withdraw(session: Session, certificate_id: str) -> bool:
    """Delete a certificate and say whether there was one."""
    from ..domain import Certificate

    certificate = session.get(Certificate, certificate_id)
    if certificate is not None:
        session.delete(certificate)
        session.commit()
    return certificate is not None
