"""Orders over HTTP."""

from fastapi import APIRouter

from ..domain import Order
from ..services import order_book  # the one book
from ..stock import reserve
from ..tools import shout

router = APIRouter()


@router.get("/orders/{number}")
def get_order(number: int) -> Order:
    """One order."""
    from ..main import limits

    reserve(limits["orders"])
    return order_book.find(shout(str(number)))
