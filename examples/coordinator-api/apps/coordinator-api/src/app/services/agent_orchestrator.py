"""Agents at work: creating them, starting runs, finishing runs."""

import logging
from typing import Any

from sqlmodel import Session, col, select

from ..custom_types import AgentState, Role
from ..domain import Agent, AgentRun, AuditEntry
from ..exceptions import Conflict, NotAllowed, NotFound
from ..schemas import AgentRead, RunRead
from ..security import Principal
from ..services import JobService
from ..utils.clock import utcnow
from . import payments as pay

logger = logging.getLogger("app.services.agent_orchestrator")

BASE_FEE = 40
"""What a run costs before fees and hardware."""


class AgentOrchestrator:
    """The agents and their runs."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def create(self, owner_id: str, name: str, capability: str) -> Agent:
        """Add an agent."""
        agent = Agent(owner_id=owner_id, name=name, capability=capability)
        self.session.add(agent)
        self.session.add(AuditEntry(actor_id=owner_id, action="agent.created", subject=agent.id))
        self.session.commit()
        return agent

    def get(self, agent_id: str) -> AgentRead:
        """Return an agent, or raise `NotFound`."""
        return AgentRead.model_validate(self._row(agent_id))

    def owned(self, agent_id: str, caller: Principal) -> Agent:
        """Return an agent that belongs to the caller."""
        agent = self._row(agent_id)
        if caller.role is not Role.ADMIN and agent.owner_id != caller.user_id:
            raise NotAllowed(f"{agent_id} belongs to somebody else")
        return agent

    def of_owner(self, owner_id: str) -> list[AgentRead]:
        """Return all agents of a user, by name."""
        query = select(Agent).where(Agent.owner_id == owner_id).order_by(col(Agent.name))
        return [AgentRead.model_validate(agent) for agent in self.session.exec(query)]

    def run_fee(self, gpu_hours: int) -> int:
        """Return what a run costs; with a GPU, the booking comes on top."""
        amount = BASE_FEE * (1 + gpu_hours)
        return amount + pay.quote_fee(amount)

    def start(
        self, agent: Agent, kind: str, payload: dict[str, Any], gpu_hours: int = 0, budget: int = 0
    ) -> AgentRun:
        """Submit a job for the agent and book a GPU for it if hours are asked for."""
        if agent.state == AgentState.RUNNING:
            raise Conflict(f"{agent.id} is at work")
        fee = self.run_fee(gpu_hours)
        if fee > budget:
            raise Conflict(f"the run costs {fee}, the budget is {budget}")
        job = JobService(self.session).submit(agent.owner_id, kind, payload)
        if gpu_hours:
            from .gpu_scheduler import GpuScheduler

            fee += GpuScheduler(self.session).reserve(gpu_hours, job_id=job.id).price
        run = AgentRun(agent_id=agent.id, job_id=job.id, fee=fee)
        agent.state = AgentState.RUNNING
        self.session.add(run)
        self.session.commit()
        logger.info("%s started %s", agent.id, run.id)
        return run

    def finish(self, run_id: str, failed: bool = False) -> AgentRun:
        """Note the end of a run and let the agent rest."""
        run = self.session.get(AgentRun, run_id)
        if run is None:
            raise NotFound("run", run_id)
        if run.state != AgentState.RUNNING:
            raise Conflict(f"{run_id} is {run.state}")
        run.state = AgentState.FAILED if failed else AgentState.DONE
        run.seconds = (utcnow() - run.started_at).total_seconds()
        if run.agent is not None:
            run.agent.state = AgentState.IDLE
        self.session.commit()
        return run

    def runs(self, agent_id: str) -> list[RunRead]:
        """Return the runs of an agent, newest first."""
        query = select(AgentRun).where(AgentRun.agent_id == agent_id)
        newest = self.session.exec(query.order_by(col(AgentRun.started_at).desc()))
        return [RunRead.model_validate(run) for run in newest]

    def _row(self, agent_id: str) -> Agent:
        agent = self.session.get(Agent, agent_id)
        if agent is None:
            raise NotFound("agent", agent_id)
        return agent
