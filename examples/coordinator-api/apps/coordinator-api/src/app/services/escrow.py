"""Escrow: payments that wait for somebody's word."""

import logging

from sqlmodel import Session, select

from ..custom_types import EscrowState
from ..domain import Escrow
from ..exceptions import Conflict, NotFound
from . import payments
from .contract_service import ContractService
from .transaction_service import append

logger = logging.getLogger("app.services.escrow")


def open_for(session: Session, payment_id: str) -> None:
    """Note on the chain that a payment is held."""
    contract = ContractService(session).escrow_contract()
    session.add(Escrow(payment_id=payment_id, contract_id=contract.id))
    append(session, f"hold {payment_id}", contract_id=contract.id, payment_id=payment_id)


def find(session: Session, payment_id: str) -> Escrow:
    """Return the escrow of a payment, or raise `NotFound`."""
    held = session.exec(select(Escrow).where(Escrow.payment_id == payment_id)).first()
    if held is None:
        raise NotFound("escrow for", payment_id)
    return held


def close(session: Session, payment_id: str, release: bool) -> Escrow:
    """Release a held payment to its payee, or refund it to its payer."""
    held = find(session, payment_id)
    if held.state != EscrowState.HELD:
        raise Conflict(f"{payment_id} is {held.state} already")
    held.state = EscrowState.RELEASED if release else EscrowState.REFUNDED
    append(session, f"{held.state} {payment_id}", contract_id=held.contract_id, payment_id=payment_id)
    if release:
        payments.settle(session, payment_id)
    else:
        payments.refund(session, payment_id)
    logger.debug("%s %s", payment_id, held.state)
    return held
