"""What anybody may know."""

from typing import Any

from fastapi import APIRouter

from ..deps import SessionDep
from ..services import ExplorerService

router = APIRouter(prefix="/explorer", tags=["explorer"])


@router.get("/summary")
def summary(session: SessionDep) -> dict[str, Any]:
    """Return how many of everything there are, and when they were counted."""
    clock = __import__("app.utils.clock", fromlist=["utcnow"])
    return {"counts": ExplorerService(session).summary(), "at": clock.utcnow().isoformat()}


@router.get("/chain")
def chain(session: SessionDep, limit: int = 20) -> list[dict[str, Any]]:
    """Return the newest links of the chain."""
    return [{"height": one.height, "memo": one.memo} for one in ExplorerService(session).latest(limit)]


@router.get("/jobs/{job_id}")
def trace(job_id: str, session: SessionDep) -> dict[str, Any]:
    """Return a job, its payments and what the chain says about them."""
    return ExplorerService(session).trace(job_id)
