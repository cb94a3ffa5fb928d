"""The chain, its contracts, and payments that are held on it."""

from typing import Any

from fastapi import APIRouter, Depends

from ..deps import PrincipalDep, SessionDep
from ..domain import ChainTransaction, Contract
from ..schemas import ContractDeploy
from ..services import escrow
from ..services import transaction_service as chain
from ..services.access_control import requires
from ..services.blockchain_context import BlockchainContext
from ..services.contract_service import ContractService

router = APIRouter(tags=["blockchain"])


@router.get("/blockchain/status")
def status(session: SessionDep) -> dict[str, object]:
    """Return height and head of the chain."""
    return BlockchainContext(session).status()


@router.get("/blockchain/audit")
def audit(session: SessionDep) -> dict[str, object]:
    """Check every link."""
    broken = chain.broken_at(session)
    return {"sound": broken is None, "broken_at": broken}


@router.post(
    "/contracts",
    response_model=Contract,
    status_code=201,
    dependencies=[Depends(requires("contracts:deploy"))],
)
def deploy(body: ContractDeploy, session: SessionDep) -> Any:
    """Deploy a contract."""
    return ContractService(session).deploy(body.name, body.code, body.deployer_id)


@router.get("/contracts/{contract_id}", response_model=Contract)
def get_contract(contract_id: str, session: SessionDep) -> Any:
    """Return a contract."""
    return ContractService(session).get(contract_id)


@router.post("/contracts/{contract_id}/calls/{method}", response_model=ChainTransaction, status_code=201)
def call(contract_id: str, method: str, principal: PrincipalDep, session: SessionDep) -> Any:
    """Call a contract."""
    return ContractService(session).call(contract_id, method)


@router.get("/transactions/{transaction_id}", response_model=ChainTransaction)
def get_link(transaction_id: str, session: SessionDep) -> Any:
    """Return a link of the chain."""
    return chain.get(session, transaction_id)


@router.get("/payments/{payment_id}/escrow")
def escrow_state(payment_id: str, session: SessionDep) -> dict[str, str]:
    """Return where a held payment stands."""
    held = escrow.find(session, payment_id)
    return {"id": held.id, "payment_id": payment_id, "state": held.state}


@router.delete("/payments/{payment_id}/escrow")
def close_escrow(
    payment_id: str, principal: PrincipalDep, session: SessionDep, release: bool = True
) -> dict[str, str]:
    """Release a held payment, or refund it."""
    held = escrow.close(session, payment_id, release)
    return {"id": held.id, "payment_id": payment_id, "state": held.state}
