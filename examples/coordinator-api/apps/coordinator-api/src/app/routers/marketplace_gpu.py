"""GPUs for hire; under ``/marketplace``, where the services of agents are offered too."""

from typing import Any

from fastapi import APIRouter

from ..deps import PrincipalDep, SessionDep
from ..domain import Gpu
from ..schemas import BookingCreate, BookingRead
from ..services import resource_pool
from ..services.gpu_scheduler import GpuScheduler

router = APIRouter(prefix="/marketplace", tags=["marketplace"])


@router.get("/gpus", response_model=list[Gpu])
def free_gpus(session: SessionDep, memory_gb: int = 0) -> Any:
    """Return what can be booked now, cheapest first."""
    return resource_pool.free_gpus(session, memory_gb)


@router.post("/bookings", response_model=BookingRead, status_code=201)
def book(body: BookingCreate, principal: PrincipalDep, session: SessionDep) -> Any:
    """Book the cheapest GPU that fits."""
    return GpuScheduler(session).reserve(body.hours, body.memory_gb, body.job_id)


@router.delete("/bookings/{booking_id}", response_model=BookingRead)
def release(booking_id: str, principal: PrincipalDep, session: SessionDep) -> Any:
    """Give a GPU back."""
    return GpuScheduler(session).release(booking_id)
