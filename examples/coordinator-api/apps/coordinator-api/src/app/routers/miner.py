"""Jobs, as miners see them."""

from typing import Any

from fastapi import APIRouter, Depends

from app.deps import PrincipalDep, SessionDep
from app.schemas import JobRead, JobResult, MinerRegister
from app.services import MinerService
from app.services.access_control import requires

router = APIRouter(prefix="/miners", tags=["miners"], dependencies=[Depends(requires("miners:work"))])


@router.post("", status_code=201)
def register(body: MinerRegister, principal: PrincipalDep, session: SessionDep) -> dict[str, Any]:
    """Add a machine."""
    gpus = [spec.model_dump() for spec in body.gpus]
    miner = MinerService(session).register(principal.user_id, body.name, gpus)
    return {"id": miner.id, "name": miner.name, "gpus": [gpu.id for gpu in miner.gpus]}


@router.get("")
def alive(session: SessionDep) -> list[str]:
    """Return the names of the machines that were heard of lately."""
    return [miner.name for miner in MinerService(session).alive()]


@router.post("/{miner_id}/next", response_model=JobRead | None)
def next_job(miner_id: str, principal: PrincipalDep, session: SessionDep) -> Any:
    """Return the next job for a machine, or null."""
    return MinerService(session).next_job(miner_id, principal.user_id)


@router.post("/{miner_id}/jobs/{job_id}/result", response_model=JobRead)
def hand_in(miner_id: str, job_id: str, body: JobResult, principal: PrincipalDep, session: SessionDep) -> Any:
    """Take the result of a job."""
    service = MinerService(session)
    return service.hand_in(miner_id, principal.user_id, job_id, body.result, body.failed)
