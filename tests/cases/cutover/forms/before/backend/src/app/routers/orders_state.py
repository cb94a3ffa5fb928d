"""What is known of orders_state."""

from fastapi import APIRouter

router = APIRouter(prefix="/orders_state")


@router.get("/{number}")
def orders_state_of(number: int) -> dict[str, int]:
    """One of the orders_state."""
    return {"number": number}
