"""What the machines have together, and how much of it is taken."""

from collections import defaultdict
from dataclasses import asdict, dataclass

from sqlmodel import Session, col, select

from ..domain import Gpu, GpuBooking


@dataclass(slots=True)
class Capacity:
    """The accelerators of one model."""

    total: int = 0
    free: int = 0
    memory_gb: int = 0


def free_gpus(session: Session, memory_gb: int = 0) -> list[Gpu]:
    """Return what can be booked now, cheapest first."""
    taken = select(GpuBooking.gpu_id).where(col(GpuBooking.released).is_(False))
    query = select(Gpu).where(col(Gpu.id).not_in(taken), col(Gpu.memory_gb) >= memory_gb)
    return list(session.exec(query.order_by(col(Gpu.price_per_hour), col(Gpu.id))))


def capacity(session: Session) -> dict[str, dict[str, int]]:
    """Return totals and what is free, by model."""
    by_model: dict[str, Capacity] = defaultdict(Capacity)
    for gpu in session.exec(select(Gpu)):
        by_model[gpu.model].total += 1
        by_model[gpu.model].memory_gb += gpu.memory_gb
    for gpu in free_gpus(session):
        by_model[gpu.model].free += 1
    return {model: asdict(one) for model, one in sorted(by_model.items())}
