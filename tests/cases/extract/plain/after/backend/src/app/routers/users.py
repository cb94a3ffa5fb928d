"""Who uses the shop."""

from fastapi import APIRouter

router = APIRouter(prefix="/users")


@router.get("")
def users() -> list[str]:
    """Everybody."""
    return ["ann"]
