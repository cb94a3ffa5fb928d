"""For administrators: capacity, tasks, deposits."""

from importlib import import_module
from typing import Any

from fastapi import APIRouter, Depends

from ..deps import SessionDep, require_admin
from ..domain import AuditEntry
from ..schemas import Deposit, WalletRead
from ..services.wallet_service import WalletService
from ..tasks import SCHEDULE, registry

router = APIRouter(prefix="/admin", tags=["admin"], dependencies=[Depends(require_admin)])


@router.get("/capacity")
def capacity(session: SessionDep) -> dict[str, dict[str, int]]:
    """Return the accelerators by model."""
    return import_module("app.services.resource_pool").capacity(session)


@router.get("/tasks")
def tasks() -> dict[str, Any]:
    """Return the names of all tasks and the schedule."""
    return {"tasks": registry.names(), "schedule": SCHEDULE}


@router.post("/tasks/{name}")
def run_task(name: str) -> dict[str, Any]:
    """Run a task now."""
    return {"task": name, "result": registry.send(name)}


@router.post("/wallets/{wallet_id}/deposit", response_model=WalletRead)
def deposit(wallet_id: str, body: Deposit, session: SessionDep) -> Any:
    """Put credits into a wallet."""
    wallet = WalletService(session).deposit(wallet_id, body.amount)
    session.add(AuditEntry(action="wallet.deposit", subject=f"{wallet_id} {body.amount}"))
    session.commit()
    return wallet
