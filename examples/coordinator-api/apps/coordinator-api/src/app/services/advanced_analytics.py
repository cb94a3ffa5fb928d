"""Series of numbers: smoothing, forecasting, trends, and the series that the tables hold."""

from collections import Counter
from dataclasses import dataclass
from statistics import fmean, pstdev

from sqlmodel import Session, select

from ..domain import Job, ModelRun


@dataclass(frozen=True, slots=True)
class Trend:
    """Where a series is heading."""

    slope: float
    direction: str


def smooth(series: list[float], alpha: float = 0.4) -> list[float]:
    """Return the series with exponential smoothing applied."""
    level = series[0]
    smoothed = []
    for value in series:
        level = alpha * value + (1 - alpha) * level
        smoothed.append(level)
    return smoothed


def slope_of(series: list[float]) -> float:
    """Return the least-squares slope of a series over its index."""
    middle = (len(series) - 1) / 2
    average = fmean(series)
    spread = sum((index - middle) ** 2 for index in range(len(series)))
    return sum((index - middle) * (value - average) for index, value in enumerate(series)) / spread


def trend_of(series: list[float]) -> Trend:
    """Return slope and direction; a change below one deviation over the whole counts as flat."""
    if len(series) < 2:
        return Trend(0.0, "flat")
    slope = slope_of(series)
    if abs(slope) * (len(series) - 1) <= pstdev(series):
        return Trend(slope, "flat")
    return Trend(slope, "up" if slope > 0 else "down")


def forecast(series: list[float], steps: int) -> list[float]:
    """Return the next `steps` values: the last smoothed one, carried on along the slope."""
    level, slope = smooth(series)[-1], slope_of(series)
    return [round(level + slope * step, 6) for step in range(1, steps + 1)]


def jobs_by_day(session: Session) -> dict[str, int]:
    """Return how many jobs were submitted on each day."""
    days = Counter(created.date().isoformat() for created in session.exec(select(Job.created_at)))
    return dict(sorted(days.items()))


def runs_by_strategy(session: Session) -> dict[str, int]:
    """Return how often each strategy was used."""
    return dict(sorted(Counter(session.exec(select(ModelRun.strategy))).items()))
