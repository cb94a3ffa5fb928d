"""What has been carted."""

from fastapi import APIRouter

from app.services.carts import find

router = APIRouter(prefix="/carts")


@router.get("/{number}")
def cart(number: int) -> dict[str, int]:
    """One cart."""
    return find(number)
