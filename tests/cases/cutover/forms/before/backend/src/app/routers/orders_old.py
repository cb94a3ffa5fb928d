"""What is known of orders_old."""

from fastapi import APIRouter

router = APIRouter(prefix="/orders_old")


@router.get("/{number}")
def orders_old_of(number: int) -> dict[str, int]:
    """One of the orders_old."""
    return {"number": number}
