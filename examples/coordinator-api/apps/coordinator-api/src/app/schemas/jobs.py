"""Bodies for jobs, miners and GPUs."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from ..custom_types import Credits, JobState

__all__ = ["BookingCreate", "BookingRead", "GpuSpec", "JobRead", "JobResult", "JobSubmit", "MinerRegister"]


class JobSubmit(BaseModel):
    """Work to be done."""

    kind: str
    payload: dict[str, Any] = Field(default_factory=dict)


class JobRead(BaseModel):
    """A job as its client sees it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: str
    state: JobState
    miner_id: str | None
    result: dict[str, Any] | None


class JobResult(BaseModel):
    """What a miner hands in."""

    result: dict[str, Any]
    failed: bool = False


class GpuSpec(BaseModel):
    """One accelerator."""

    model: str
    memory_gb: int = Field(gt=0)
    price_per_hour: Credits = Field(gt=0)


class MinerRegister(BaseModel):
    """A machine and its accelerators."""

    name: str
    gpus: list[GpuSpec] = Field(default_factory=list)


class BookingCreate(BaseModel):
    """A wish for a GPU."""

    hours: int = Field(gt=0, le=720)
    memory_gb: int = 0
    job_id: str | None = None


class BookingRead(BaseModel):
    """A GPU that is set aside."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    gpu_id: str
    hours: int
    price: Credits
    released: bool
