"""Element-wise strategies, and the record of a run."""

from math import hypot
from statistics import fmean

from sqlmodel import Session

from ....domain import ModelRun
from ....utils.hashing import short_digest
from ...zk_verification import commitment

Modalities = dict[str, list[float]]


def average(modalities: Modalities) -> list[float]:
    """Return the mean of each element."""
    return [fmean(values) for values in zip(*modalities.values(), strict=True)]


def strongest(modalities: Modalities) -> list[float]:
    """Return of each element the value that is largest in size."""
    return [max(values, key=abs) for values in zip(*modalities.values(), strict=True)]


def weighted(modalities: Modalities) -> list[float]:
    """Return the mean of each element, each modality weighing as much as its norm."""
    norms = [hypot(*vector) for vector in modalities.values()]
    total = sum(norms) or 1.0
    return [
        sum(norm * value for norm, value in zip(norms, values, strict=True)) / total
        for values in zip(*modalities.values(), strict=True)
    ]


def record(
    session: Session, strategy: str, inputs: Modalities, output: list[float], job_id: str | None
) -> ModelRun:
    """Store a run together with the commitment to its inputs and its output."""
    run = ModelRun(
        id=f"mdl_{short_digest([strategy, inputs, job_id, output])}",
        job_id=job_id,
        strategy=strategy,
        inputs=inputs,
        output=output,
        commitment=commitment(strategy, [inputs, output]),
    )
    merged = session.merge(run)
    session.commit()
    return merged
