from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter()


class Level(BaseModel):
    """What is there of a thing."""

    name: str
    count: int


def level(name: str, on: date | None = None) -> Level:
    """What there is of something."""
    return Level(name=name, count=len(name) if on is None else on.day)


def take(name: str, count: int = 1) -> int:
    """Takes some of it, and says how much is left."""
    return len(name) - count


@router.get("/stock/{name}")
def stocked(name: str) -> Level:
    return level(name)
