"""Payments: taken from the payer at once, given to the payee when settled."""

import logging

from sqlmodel import Session, select

from ..config import settings
from ..custom_types import Credits, PaymentState
from ..database import engine
from ..domain import Payment
from ..exceptions import Conflict, NotFound
from ..schemas import PaymentRead
from ..tasks.registry import task
from . import escrow  # escrow loads this module in turn; both use the other only when called
from .wallet_service import WalletService

logger = logging.getLogger(__name__)


def quote_fee(amount: Credits) -> Credits:
    """Return what the network keeps of an amount."""
    return amount * settings.fee_permille // 1000


def get(session: Session, payment_id: str) -> Payment:
    """Return a payment, or raise `NotFound`."""
    payment = session.get(Payment, payment_id)
    if payment is None:
        raise NotFound("payment", payment_id)
    return payment


def pay(
    session: Session, payer_id: str, payee_id: str, amount: Credits, job_id: str | None = None
) -> PaymentRead:
    """Take `amount` and the fee from the payer; the payee has it after `settle`."""
    fee = quote_fee(amount)
    wallets = WalletService(session)
    wallets.get(payee_id)
    wallets.debit(payer_id, amount + fee)
    payment = Payment(payer_id=payer_id, payee_id=payee_id, amount=amount, fee=fee, job_id=job_id)
    session.add(payment)
    session.commit()
    return PaymentRead.model_validate(payment)


def hold(session: Session, payment_id: str) -> Payment:
    """Put a payment in escrow until the work is done."""
    payment = get(session, payment_id)
    if payment.state != PaymentState.PENDING:
        raise Conflict(f"{payment_id} is {payment.state}")
    payment.state = PaymentState.HELD
    session.commit()
    escrow.open_for(session, payment_id)
    return payment


def settle(session: Session, payment_id: str) -> None:
    """Give the amount to the payee."""
    payment = get(session, payment_id)
    WalletService(session).credit(payment.payee_id, payment.amount)
    payment.state = PaymentState.SETTLED
    session.commit()


def refund(session: Session, payment_id: str) -> None:
    """Give amount and fee back to the payer."""
    payment = get(session, payment_id)
    WalletService(session).credit(payment.payer_id, payment.amount + payment.fee)
    payment.state = PaymentState.REFUNDED
    session.commit()


@task(name="app.services.payments.settle_due")
def settle_due() -> int:
    """Settle every payment that nobody holds and return how many there were."""
    with Session(engine) as session:
        due = session.exec(select(Payment).where(Payment.state == PaymentState.PENDING)).all()
        for payment in due:
            settle(session, payment.id)
        logger.info("settled %d payments", len(due))
        return len(due)
