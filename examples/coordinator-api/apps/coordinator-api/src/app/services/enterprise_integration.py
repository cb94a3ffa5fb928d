"""What companies need: tenants, seats and a report of what their agents did."""

from importlib import import_module
from typing import Any

from sqlmodel import Session, select

from app.domain import AuditEntry, Tenant
from app.exceptions import Conflict, NotFound

from .agent_orchestrator import AgentOrchestrator


class EnterpriseIntegration:
    """Tenants and their agents."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.agents = AgentOrchestrator(session)

    def create(self, owner_id: str, name: str, seats: int) -> Tenant:
        """Add a company."""
        tenant = Tenant(owner_id=owner_id, name=name, seats=seats)
        self.session.add(tenant)
        self.session.add(AuditEntry(actor_id=owner_id, action="tenant.created", subject=tenant.id))
        self.session.commit()
        return tenant

    def get(self, tenant_id: str) -> Tenant:
        """Return a tenant, or raise `NotFound`."""
        tenant = self.session.get(Tenant, tenant_id)
        if tenant is None:
            raise NotFound("tenant", tenant_id)
        return tenant

    def usage(self, tenant_id: str) -> dict[str, Any]:
        """Return seats, runs and fees of a tenant's agents."""
        tenant = self.get(tenant_id)
        agents = self.agents.of_owner(tenant.owner_id)
        runs = [run for agent in agents for run in self.agents.runs(agent.id)]
        return {
            "tenant": tenant.name,
            "seats": tenant.seats,
            "agents": len(agents),
            "runs": len(runs),
            "fees": sum(run.fee for run in runs),
        }

    def check_seats(self, tenant_id: str) -> None:
        """Raise `Conflict` when a tenant has more agents than seats."""
        tenant = self.get(tenant_id)
        agents = len(self.agents.of_owner(tenant.owner_id))
        if agents > tenant.seats:
            raise Conflict(f"{tenant.name} has {agents} agents and {tenant.seats} seats")

    def review(self, tenant_id: str) -> list[str]:
        """Scan every agent of a tenant and return the rules that were broken."""
        compliance = import_module(".compliance_engine", package=__package__)
        agents = self.agents.of_owner(self.get(tenant_id).owner_id)
        found = [compliance.scan(self.session, agent, tenant_id) for agent in agents]
        return sorted({finding.rule for findings in found for finding in findings})

    def audit_trail(self, owner_id: str) -> list[str]:
        """Return what a user did, oldest first, as ``action subject``."""
        query = select(AuditEntry).where(AuditEntry.actor_id == owner_id).order_by(AuditEntry.created_at)
        return [f"{entry.action} {entry.subject}" for entry in self.session.exec(query)]
