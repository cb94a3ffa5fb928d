"""What is known of orders_list."""

from fastapi import APIRouter

router = APIRouter(prefix="/orders_list")


@router.get("/{number}")
def orders_list_of(number: int) -> dict[str, int]:
    """One of the orders_list."""
    return {"number": number}
