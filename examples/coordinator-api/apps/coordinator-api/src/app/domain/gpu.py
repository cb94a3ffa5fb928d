"""Miners, their GPUs and who booked them."""

from datetime import datetime
from functools import partial

from sqlalchemy import DateTime
from sqlmodel import Field, Relationship, SQLModel

from shared_lib import new_id

from ..custom_types import Credits
from ..utils.clock import utcnow


class Miner(SQLModel, table=True):
    """A machine that does jobs."""

    __tablename__ = "miners"

    id: str = Field(default_factory=partial(new_id, "min"), primary_key=True)
    owner_id: str = Field(foreign_key="users.id")
    name: str
    seen_at: datetime = Field(default_factory=utcnow, sa_type=DateTime)
    gpus: list["Gpu"] = Relationship(back_populates="miner")


class Gpu(SQLModel, table=True):
    """One accelerator of a miner, for hire by the hour."""

    __tablename__ = "gpus"

    id: str = Field(default_factory=partial(new_id, "gpu"), primary_key=True)
    miner_id: str = Field(foreign_key="miners.id", index=True)
    model: str = Field(index=True)
    memory_gb: int
    price_per_hour: Credits
    miner: Miner | None = Relationship(back_populates="gpus")


class GpuBooking(SQLModel, table=True):
    """A GPU set aside for a job."""

    __tablename__ = "gpu_bookings"

    id: str = Field(default_factory=partial(new_id, "bkg"), primary_key=True)
    gpu_id: str = Field(foreign_key="gpus.id", index=True)
    job_id: str | None = Field(default=None, foreign_key="jobs.id")
    hours: int
    price: Credits
    released: bool = False
