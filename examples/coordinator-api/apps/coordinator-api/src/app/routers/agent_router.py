"""Agents: themselves, their runs, their messages, their connectors."""

from typing import Any

from fastapi import APIRouter, Depends, WebSocket, WebSocketDisconnect

from ..deps import PrincipalDep, SessionDep
from ..schemas import (
    AgentCreate,
    AgentRead,
    ConnectorAttach,
    EventIn,
    MessageRead,
    MessageSend,
    RunRead,
    RunStart,
)
from ..services import agent_communication, agent_integration
from ..services.access_control import requires
from ..services.agent_orchestrator import AgentOrchestrator
from ..services.agent_performance_service import AgentPerformanceService

router = APIRouter(prefix="/agents", tags=["agents"])

can_write = Depends(requires("agents:write"))


@router.post("", response_model=AgentRead, status_code=201, dependencies=[can_write])
def create_agent(body: AgentCreate, principal: PrincipalDep, session: SessionDep) -> Any:
    """Create an agent that belongs to the caller."""
    return AgentOrchestrator(session).create(principal.user_id, body.name, body.capability)


@router.get("", response_model=list[AgentRead])
def my_agents(principal: PrincipalDep, session: SessionDep) -> Any:
    """Return the caller's agents."""
    return AgentOrchestrator(session).of_owner(principal.user_id)


@router.get("/leaderboard", response_model=list[AgentRead])
def leaderboard(session: SessionDep, limit: int = 10) -> Any:
    """Return the agents with the best scores."""
    return AgentPerformanceService(session).leaderboard(limit)


@router.get("/connectors")
def connectors(category: str | None = None) -> list[dict[str, Any]]:
    """Return the catalogue of connectors."""
    return [agent_integration.describe(spec) for spec in agent_integration.catalogue(category)]


@router.post("/connectors/{connector_id}/events", response_model=RunRead, status_code=202)
def deliver_event(connector_id: str, body: EventIn, session: SessionDep) -> Any:
    """Start the run that an event asks for."""
    return agent_integration.AgentIntegration(session).deliver(connector_id, body.event, body.payload)


@router.get("/{agent_id}", response_model=AgentRead)
def get_agent(agent_id: str, session: SessionDep) -> Any:
    """Return one agent."""
    return AgentOrchestrator(session).get(agent_id)


@router.get("/{agent_id}/performance")
def performance(agent_id: str, session: SessionDep) -> dict[str, Any]:
    """Return the score of an agent and where its fees are heading."""
    AgentOrchestrator(session).get(agent_id)
    return AgentPerformanceService(session).report(agent_id)


@router.post("/{agent_id}/runs", response_model=RunRead, status_code=201, dependencies=[can_write])
def start_run(agent_id: str, body: RunStart, principal: PrincipalDep, session: SessionDep) -> Any:
    """Start a run, with a GPU if hours are asked for."""
    agents = AgentOrchestrator(session)
    agent = agents.owned(agent_id, principal)
    return agents.start(agent, body.kind, body.payload, body.gpu_hours, body.budget)


@router.get("/{agent_id}/runs", response_model=list[RunRead])
def runs(agent_id: str, session: SessionDep) -> Any:
    """Return the runs of an agent, newest first."""
    return AgentOrchestrator(session).runs(agent_id)


@router.post("/runs/{run_id}/finish", response_model=RunRead, dependencies=[can_write])
def finish_run(run_id: str, session: SessionDep, failed: bool = False) -> Any:
    """End a run."""
    return AgentOrchestrator(session).finish(run_id, failed)


@router.post("/{agent_id}/messages", response_model=MessageRead, status_code=201)
def send_message(agent_id: str, body: MessageSend, principal: PrincipalDep, session: SessionDep) -> Any:
    """Send a message in the name of an agent."""
    agents = AgentOrchestrator(session)
    sender, recipient = agents.owned(agent_id, principal), agents.get(body.recipient_id)
    return agent_communication.send(session, sender.id, recipient.id, body.body)


@router.get("/{agent_id}/messages", response_model=list[MessageRead])
def inbox(agent_id: str, principal: PrincipalDep, session: SessionDep, peer: str | None = None) -> Any:
    """Return what an agent was sent, or its conversation with a peer."""
    agent = AgentOrchestrator(session).owned(agent_id, principal)
    if peer is not None:
        return agent_communication.conversation(session, agent.id, peer)
    return agent_communication.inbox(session, agent.id)


@router.post("/{agent_id}/connectors", status_code=201, dependencies=[can_write])
def attach(
    agent_id: str, body: ConnectorAttach, principal: PrincipalDep, session: SessionDep
) -> dict[str, Any]:
    """Connect an agent to an outside system."""
    agent = AgentOrchestrator(session).owned(agent_id, principal)
    made = agent_integration.AgentIntegration(session).attach(agent.id, body.kind, body.settings)
    shown = agent_integration.redacted(made.kind, made.settings)
    return {"id": made.id, "kind": made.kind, "settings": shown}


@router.delete("/connectors/{connector_id}", status_code=204, dependencies=[can_write])
def detach(connector_id: str, principal: PrincipalDep, session: SessionDep) -> None:
    """Disconnect an agent from an outside system."""
    integration = agent_integration.AgentIntegration(session)
    AgentOrchestrator(session).owned(integration.get(connector_id).agent_id, principal)
    integration.detach(connector_id)


@router.websocket("/{agent_id}/listen")
async def listen(websocket: WebSocket, agent_id: str) -> None:
    """Pass on what is sent to an agent, as it is sent."""
    queue = agent_communication.hub.listen(agent_id)
    await websocket.accept()
    try:
        while True:
            await websocket.receive_text()
            await websocket.send_json({"waiting": queue.qsize(), "next": await queue.get()})
    except WebSocketDisconnect:
        agent_communication.hub.leave(agent_id, queue)
