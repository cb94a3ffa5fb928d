"""How well agents do: a score from 0 to 100 out of their runs."""

from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from ..custom_types import AgentState
from ..database import engine
from ..domain import Agent, AgentRun
from ..tasks.registry import task

if TYPE_CHECKING:
    from .advanced_analytics import Trend


class AgentPerformanceService:
    """Scores of agents."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def score(self, agent_id: str) -> float:
        """Return the share of runs that succeeded, pulled towards 50 while there are few."""
        states = self.session.exec(
            select(AgentRun.state).where(AgentRun.agent_id == agent_id, AgentRun.state != AgentState.RUNNING)
        ).all()
        done = sum(state == AgentState.DONE for state in states)
        return round(100 * (done + 1) / (len(states) + 2), 1)

    def leaderboard(self, limit: int) -> list[Agent]:
        """Return the best agents, best first."""
        query = select(Agent).order_by(col(Agent.score).desc(), col(Agent.name)).limit(limit)
        return list(self.session.exec(query))

    def fees(self, agent_id: str) -> list[float]:
        """Return the fees of an agent's runs in order of time."""
        query = select(AgentRun.fee).where(AgentRun.agent_id == agent_id).order_by(col(AgentRun.started_at))
        return [float(fee) for fee in self.session.exec(query)]

    def trend(self, agent_id: str) -> "Trend":
        """Return where the fees of an agent are heading."""
        from .advanced_analytics import trend_of

        return trend_of(self.fees(agent_id))

    def report(self, agent_id: str) -> dict[str, Any]:
        """Return score and trend of one agent."""
        trend: Trend = self.trend(agent_id)
        return {"agent_id": agent_id, "score": self.score(agent_id), "fees": trend.direction}


@task(name="app.services.agent_performance_service.rescore")
def rescore() -> int:
    """Write the score of every agent and return how many there are."""
    with Session(engine) as session:
        service = AgentPerformanceService(session)
        agents = session.exec(select(Agent)).all()
        for agent in agents:
            agent.score = service.score(agent.id)
        session.commit()
        return len(agents)
