"""What agents do for others, and ordering it."""

from sqlmodel import Session, col, select

from ..domain import Agent, AgentService
from ..exceptions import NotFound
from ..schemas import PaymentRead
from .payments import pay
from .wallet_service import WalletService


class AgentServiceMarketplace:
    """Offers of agents."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def publish(self, agent: Agent, title: str, price: int) -> AgentService:
        """Offer something at a price."""
        service = AgentService(agent_id=agent.id, title=title, price=price)
        self.session.add(service)
        self.session.commit()
        return service

    def get(self, service_id: str) -> AgentService:
        """Return an offer, or raise `NotFound`."""
        service = self.session.get(AgentService, service_id)
        if service is None:
            raise NotFound("service", service_id)
        return service

    def search(self, text: str, limit: int = 20) -> list[AgentService]:
        """Return offers whose title contains `text`, the most wanted first."""
        query = select(AgentService).where(col(AgentService.title).contains(text))
        query = query.order_by(col(AgentService.orders).desc(), col(AgentService.price))
        return list(self.session.exec(query.limit(limit)))

    def order(self, service_id: str, buyer_id: str) -> PaymentRead:
        """Pay for an offer, from the buyer's wallet into that of the agent's owner."""
        service = self.get(service_id)
        owner_id = self.session.exec(select(Agent.owner_id).where(Agent.id == service.agent_id)).one()
        wallets = WalletService(self.session)
        paid = pay(self.session, wallets.open(buyer_id).id, wallets.open(owner_id).id, service.price)
        service.orders += 1
        self.session.commit()
        return paid

    def turnover(self) -> dict[str, int]:
        """Return by agent what its offers have sold for."""
        sold: dict[str, int] = {}
        for service in self.session.exec(select(AgentService).where(col(AgentService.orders) > 0)):
            sold[service.agent_id] = sold.get(service.agent_id, 0) + service.orders * service.price
        return sold
