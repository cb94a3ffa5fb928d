"""Numbers: forecasts, and the series that the tables hold."""

from typing import Any

from fastapi import APIRouter

import app.services.advanced_analytics as analytics
from app.deps import SessionDep
from app.schemas import ForecastRequest

router = APIRouter(prefix="/analytics", tags=["models"])


@router.post("/forecast")
def forecast(body: ForecastRequest) -> dict[str, Any]:
    """Continue a series."""
    trend = analytics.trend_of(body.series)
    return {"forecast": analytics.forecast(body.series, body.steps), "direction": trend.direction}


@router.get("/jobs")
def jobs_by_day(session: SessionDep) -> dict[str, int]:
    """Return how many jobs were submitted on each day."""
    return analytics.jobs_by_day(session)


@router.get("/strategies")
def strategies(session: SessionDep) -> dict[str, int]:
    """Return how often each fusion strategy was used."""
    return analytics.runs_by_strategy(session)
