"""Running a strategy over modalities and keeping what came out."""

from sqlmodel import Session

from ... import exceptions as errors
from ...domain import ModelRun
from .strategies import STRATEGIES
from .strategies.weighted import record


class FusionEngine:
    """Evaluates fusion strategies."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def fuse(self, modalities: dict[str, list[float]], strategy: str, job_id: str | None = None) -> ModelRun:
        """Return a stored run, or raise `CoordinatorError` if the vectors do not fit together."""
        if strategy not in STRATEGIES:
            raise errors.NotFound("strategy", strategy)
        if len({len(vector) for vector in modalities.values()}) != 1:
            raise errors.CoordinatorError("all vectors must have the same length")
        output = STRATEGIES[strategy](modalities)
        return record(self.session, strategy, modalities, output, job_id)
