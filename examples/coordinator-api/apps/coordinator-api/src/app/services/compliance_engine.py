"""Rules that agents must keep, and the findings when they do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import Session, select

from ..domain import ComplianceFinding
from .agent_communication import is_repetitive, volume

if TYPE_CHECKING:
    from ..schemas import AgentRead


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `broken` says whether an agent broke it."""

    name: str
    severity: int
    broken: Callable[[Session, AgentRead], bool]


RULES = (
    Rule("messages/flood", 3, lambda session, agent: volume(session, agent.id) > 100),
    Rule("messages/repetition", 2, lambda session, agent: is_repetitive(session, agent.id)),
    Rule("naming/impersonation", 3, lambda session, agent: "admin" in agent.name.lower()),
    Rule("capability/unknown", 1, lambda session, agent: not agent.capability.strip()),
)


def scan(session: Session, agent: AgentRead, tenant_id: str | None = None) -> list[ComplianceFinding]:
    """Return and store a finding for every rule that the agent breaks."""
    findings = [
        ComplianceFinding(agent_id=agent.id, tenant_id=tenant_id, rule=rule.name, severity=rule.severity)
        for rule in RULES
        if rule.broken(session, agent)
    ]
    session.add_all(findings)
    session.commit()
    return findings


def risk(session: Session, agent_id: str) -> int:
    """Return the severities of everything found about an agent, added up."""
    query = select(ComplianceFinding.severity).where(ComplianceFinding.agent_id == agent_id)
    return sum(session.exec(query))


def findings_of(session: Session, agent_id: str) -> list[ComplianceFinding]:
    """Return what was found about an agent, the gravest first."""
    found = session.exec(select(ComplianceFinding).where(ComplianceFinding.agent_id == agent_id))
    return sorted(found, key=lambda finding: -finding.severity)
