"""Bills over HTTP."""

from fastapi import APIRouter

from ..services.bills import total

router = APIRouter()


@router.get("/bills/{number}")
def get_bill(number: int) -> int:
    """What is to be paid."""
    return total(number)
