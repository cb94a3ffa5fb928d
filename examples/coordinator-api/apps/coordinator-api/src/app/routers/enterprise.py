"""Tenants; findings about agents; certificates, which have a router of their own within this one."""

from typing import Any

from fastapi import APIRouter

from ..deps import PrincipalDep, SessionDep
from ..domain import Tenant
from ..schemas import FindingRead, TenantCreate
from ..services import compliance_engine
from ..services.agent_orchestrator import AgentOrchestrator
from ..services.enterprise_integration import EnterpriseIntegration
from .certification import router as certification_router

router = APIRouter(tags=["enterprise"])
router.include_router(certification_router, prefix="/enterprise")


@router.post("/enterprise/tenants", response_model=Tenant, status_code=201)
def create_tenant(body: TenantCreate, principal: PrincipalDep, session: SessionDep) -> Any:
    """Add a company that belongs to the caller."""
    return EnterpriseIntegration(session).create(principal.user_id, body.name, body.seats)


@router.get("/enterprise/tenants/{tenant_id}/usage")
def usage(tenant_id: str, session: SessionDep) -> dict[str, Any]:
    """Return what a company's agents did."""
    service = EnterpriseIntegration(session)
    service.check_seats(tenant_id)
    return service.usage(tenant_id)


@router.post("/enterprise/tenants/{tenant_id}/review")
def review(tenant_id: str, principal: PrincipalDep, session: SessionDep) -> dict[str, Any]:
    """Scan every agent of a company."""
    return {"tenant_id": tenant_id, "broken": EnterpriseIntegration(session).review(tenant_id)}


@router.get("/enterprise/audit")
def audit_trail(principal: PrincipalDep, session: SessionDep) -> list[str]:
    """Return what the caller did."""
    return EnterpriseIntegration(session).audit_trail(principal.user_id)


@router.get("/agents/{agent_id}/findings", response_model=list[FindingRead])
def findings(agent_id: str, session: SessionDep) -> Any:
    """Return what compliance found about an agent."""
    return compliance_engine.findings_of(session, AgentOrchestrator(session).get(agent_id).id)


@router.post("/agents/{agent_id}/findings", response_model=list[FindingRead], status_code=201)
def scan(agent_id: str, principal: PrincipalDep, session: SessionDep) -> Any:
    """Scan an agent."""
    return compliance_engine.scan(session, AgentOrchestrator(session).get(agent_id))
