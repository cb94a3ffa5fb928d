"""A waiting list for GPUs; its router was never included."""

from fastapi import APIRouter

router = APIRouter(prefix="/gpu-waitlist", tags=["computing"])


@router.get("")
def waitlist() -> list[str]:
    """Return who waits."""
    return []
