"""What is known of orders_admin."""

from fastapi import APIRouter

router = APIRouter(prefix="/orders_admin")


@router.get("/{number}")
def orders_admin_of(number: int) -> dict[str, int]:
    """One of the orders_admin."""
    return {"number": number}
