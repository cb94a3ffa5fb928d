"""Jobs, as clients see them."""

from typing import Any

from fastapi import APIRouter, Depends

from ..deps import PrincipalDep, SessionDep
from ..schemas import JobRead, JobSubmit
from ..security import Principal
from ..services.access_control import requires
from ..services.jobs import JobService

router = APIRouter(prefix="/jobs", tags=["jobs"])


@router.post("", response_model=JobRead, status_code=201)
def submit(
    body: JobSubmit,
    session: SessionDep,
    principal: Principal = Depends(requires("jobs:submit")),  # noqa: B008
) -> Any:
    """Submit a job."""
    return JobService(session).submit(principal.user_id, body.kind, body.payload)


@router.get("", response_model=list[JobRead])
def my_jobs(principal: PrincipalDep, session: SessionDep) -> Any:
    """Return the caller's jobs, newest first."""
    return JobService(session).of_client(principal.user_id)


@router.get("/{job_id}", response_model=JobRead)
def get_job(job_id: str, session: SessionDep) -> Any:
    """Return one job."""
    return JobService(session).get(job_id)
