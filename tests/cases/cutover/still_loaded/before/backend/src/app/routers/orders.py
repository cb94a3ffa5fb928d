"""What is known of orders."""

from fastapi import APIRouter
from ..services.orders import find

router = APIRouter(prefix="/orders")


@router.get("/{number}")
def orders_of(number: int) -> dict[str, int]:
    """One of the orders."""
    return find(number)
