"""What is known of orders_hub."""

from fastapi import APIRouter

router = APIRouter(prefix="/orders_hub")


@router.get("/{number}")
def orders_hub_of(number: int) -> dict[str, int]:
    """One of the orders_hub."""
    return {"number": number}
