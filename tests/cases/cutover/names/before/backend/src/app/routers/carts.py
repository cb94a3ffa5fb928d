"""What is known of carts."""

from fastapi import APIRouter
from ..services.carts import find

router = APIRouter(prefix="/carts")


@router.get("/{number}")
def carts_of(number: int) -> dict[str, int]:
    """One of the carts."""
    return find(number)
