"""What has been ordered."""

from fastapi import APIRouter

from app.services.orders import find

router = APIRouter(prefix="/orders")


@router.get("/{number}")
def order(number: int) -> dict[str, int]:
    """One order."""
    return find(number)
