"""Issuing certificates to agents that do well and keep the rules."""

from sqlmodel import Session, col, select

from ... import domain
from ...exceptions import Conflict
from ...utils.clock import in_days, utcnow
from ..agent_performance_service import AgentPerformanceService
from ..compliance_engine import risk
from .badge_system import badge_for, level_for

MAX_RISK = 3
VALID_DAYS = 365


class CertificationSystem:
    """Certificates, issued by score and risk."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def issue(self, agent_id: str) -> domain.Certificate:
        """Return a new certificate, or raise `Conflict` and say what is missing."""
        found = risk(self.session, agent_id)
        if found > MAX_RISK:
            raise Conflict(f"{agent_id} has a risk of {found}, at most {MAX_RISK} is allowed")
        level = level_for(AgentPerformanceService(self.session).score(agent_id))
        if level is None:
            raise Conflict(f"{agent_id} does not reach the lowest level")
        certificate = domain.Certificate(
            agent_id=agent_id, level=level, badge=badge_for(level, agent_id), expires_at=in_days(VALID_DAYS)
        )
        self.session.add(certificate)
        self.session.add(domain.AuditEntry(action="certificate.issued", subject=certificate.id))
        self.session.commit()
        return certificate

    def valid(self, agent_id: str) -> list[domain.Certificate]:
        """Return the certificates of an agent that have not run out."""
        query = select(domain.Certificate).where(domain.Certificate.agent_id == agent_id)
        return list(self.session.exec(query.where(col(domain.Certificate.expires_at) > utcnow())))
