"""Wallets and payments."""

from importlib import import_module
from typing import Any

from fastapi import APIRouter

from ..deps import PrincipalDep, SessionDep
from ..schemas import PaymentCreate, PaymentRead, WalletRead
from ..services import payments

router = APIRouter(tags=["payments"])

wallets = import_module(".wallet_service", package="app.services")


@router.post("/wallets", response_model=WalletRead)
def open_wallet(principal: PrincipalDep, session: SessionDep) -> Any:
    """Return the caller's wallet, opened at the first call."""
    return wallets.WalletService(session).open(principal.user_id)


@router.get("/wallets/{wallet_id}", response_model=WalletRead)
def get_wallet(wallet_id: str, principal: PrincipalDep, session: SessionDep) -> Any:
    """Return a wallet of the caller."""
    return wallets.WalletService(session).owned(wallet_id, principal.user_id)


@router.get("/payments/quote")
def quote(amount: int) -> dict[str, int]:
    """Return what a payment of this amount costs."""
    fee = payments.quote_fee(amount)
    return {"amount": amount, "fee": fee, "total": amount + fee}


@router.post("/payments", response_model=PaymentRead, status_code=201)
def pay(body: PaymentCreate, principal: PrincipalDep, session: SessionDep) -> Any:
    """Pay from the caller's wallet into another."""
    wallets.WalletService(session).owned(body.payer_id, principal.user_id)
    return payments.pay(session, body.payer_id, body.payee_id, body.amount, body.job_id)


@router.get("/payments/{payment_id}", response_model=PaymentRead)
def get_payment(payment_id: str, session: SessionDep) -> Any:
    """Return a payment."""
    return payments.get(session, payment_id)


@router.post("/payments/{payment_id}/escrow", response_model=PaymentRead, status_code=201)
def hold(payment_id: str, principal: PrincipalDep, session: SessionDep) -> Any:
    """Put a payment in escrow."""
    return payments.hold(session, payment_id)


@router.get("/transactions/{transaction_id}")
def get_transaction(transaction_id: str, session: SessionDep) -> dict[str, Any]:
    """Return a payment or a link of the chain, whichever has this identifier."""
    if transaction_id.startswith("pay_"):
        payment = payments.get(session, transaction_id)
        return {"type": "payment", "id": payment.id, "amount": payment.amount}
    from ..services.transaction_service import get

    link = get(session, transaction_id)
    return {"type": "chain", "id": link.id, "height": link.height}
