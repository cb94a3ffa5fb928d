"""Fusing modalities, and checking what came out."""

from typing import Any

from fastapi import APIRouter, Depends

from ..deps import SessionDep
from ..domain import ModelRun
from ..schemas import FusionRequest
from ..services import zk_verification
from ..services.access_control import requires
from ..services.multi_modal_fusion import STRATEGIES, FusionEngine

router = APIRouter(prefix="/models", tags=["models"])


@router.get("/strategies")
def strategies() -> list[str]:
    """Return the names of the fusion strategies."""
    return sorted(STRATEGIES)


@router.post("/fusions", response_model=ModelRun, dependencies=[Depends(requires("models:run"))])
def fuse(body: FusionRequest, session: SessionDep) -> Any:
    """Fuse vectors of several modalities into one."""
    return FusionEngine(session).fuse(body.modalities, body.strategy, body.job_id)


@router.post("/fusions/{run_id}/verification")
def verify(run_id: str, session: SessionDep) -> dict[str, Any]:
    """Check a run against the commitment that was made to it."""
    return {"run_id": run_id, "verified": zk_verification.verify_run(session, run_id).verified}


@router.post("/proofs")
def prove(leaves: list[str], index: int = 0) -> dict[str, Any]:
    """Return the Merkle root over leaves and the proof for one of them."""
    root, proof = zk_verification.merkle_root(leaves), zk_verification.merkle_proof(leaves, index)
    holds = zk_verification.proves(leaves[index], proof, root)
    return {"root": root, "proof": proof, "holds": holds}
