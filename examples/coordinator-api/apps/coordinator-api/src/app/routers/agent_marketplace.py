"""What agents offer; under ``/marketplace``, where GPUs are offered too."""

from typing import Any

from fastapi import APIRouter, Depends

from ..deps import PrincipalDep, SessionDep
from ..schemas import PaymentRead, ServicePublish, ServiceRead
from ..services.access_control import requires
from ..services.agent_orchestrator import AgentOrchestrator
from ..services.agent_service_marketplace import AgentServiceMarketplace

router = APIRouter(prefix="/marketplace", tags=["marketplace"])


@router.get("/services", response_model=list[ServiceRead])
def search(session: SessionDep, text: str = "") -> Any:
    """Return offers whose title contains a text."""
    return AgentServiceMarketplace(session).search(text)


@router.post(
    "/services",
    response_model=ServiceRead,
    status_code=201,
    dependencies=[Depends(requires("agents:write"))],
)
def publish(body: ServicePublish, principal: PrincipalDep, session: SessionDep) -> Any:
    """Offer what an agent can do."""
    agent = AgentOrchestrator(session).owned(body.agent_id, principal)
    return AgentServiceMarketplace(session).publish(agent, body.title, body.price)


@router.post("/services/{service_id}/orders", response_model=PaymentRead, status_code=201)
def order(service_id: str, principal: PrincipalDep, session: SessionDep) -> Any:
    """Order and pay."""
    return AgentServiceMarketplace(session).order(service_id, principal.user_id)


@router.get("/turnover")
def turnover(session: SessionDep) -> dict[str, int]:
    """Return by agent what its offers have sold for."""
    return AgentServiceMarketplace(session).turnover()
