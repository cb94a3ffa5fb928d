"""Booking GPUs: the cheapest that fits, dearer when few are left."""

import logging

from sqlmodel import Session, func, select

from app.domain import Gpu, GpuBooking
from app.exceptions import Conflict, NotFound
from app.schemas import BookingRead
from app.services.resource_pool import free_gpus

logger = logging.getLogger(__name__)

SURCHARGE_PERMILLE = 500
"""What a booking costs on top when the whole pool is taken; less in proportion before."""


class GpuScheduler:
    """Bookings on the pool."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def scarcity(self) -> float:
        """Return the share of the pool that is taken, from 0 to 1."""
        total = self.session.exec(select(func.count()).select_from(Gpu)).one()
        return 1 - len(free_gpus(self.session)) / total if total else 1.0

    def quote(self, gpu: Gpu, hours: int) -> int:
        """Return the price of a booking made now."""
        base = gpu.price_per_hour * hours
        return base + round(base * self.scarcity() * SURCHARGE_PERMILLE / 1000)

    def reserve(self, hours: int, memory_gb: int = 0, job_id: str | None = None) -> BookingRead:
        """Book the cheapest free GPU that has enough memory."""
        fitting = free_gpus(self.session, memory_gb)
        if not fitting:
            raise Conflict("no GPU is free")
        gpu = fitting[0]
        booking = GpuBooking(gpu_id=gpu.id, job_id=job_id, hours=hours, price=self.quote(gpu, hours))
        self.session.add(booking)
        self.session.commit()
        logger.info("booked %s for %d h", gpu.id, hours)
        return BookingRead.model_validate(booking)

    def release(self, booking_id: str) -> GpuBooking:
        """Give a GPU back."""
        booking = self.session.get(GpuBooking, booking_id)
        if booking is None:
            raise NotFound("booking", booking_id)
        booking.released = True
        self.session.commit()
        return booking
