import datetime as dt

from sqlmodel import Session

from backend_core.values import Kind, Order
from app.services import bills
from app.services.bills import RATE, Biller, Unpaid, counter
from app.services.ledger import Ledger, booked
from app.services.rates import rates


async def place(order: Order, customer: str) -> bills.Bill | None:
    try:
        return await bills.issue(customer, order=order, due=dt.date(2030, 1, 1))
    except Unpaid as error:
        assert error.since
        return None


def check(order: Order, session: Session) -> list[object]:
    return [
        bills.total(order, rounded=True), bills.labels(Kind.SMALL, because=(1, RATE)), Biller(3).rated(order),
        Biller.kinds(), counter.add(2), booked(session, "x"), Ledger(session).size(), next(rates(1)),
    ]
