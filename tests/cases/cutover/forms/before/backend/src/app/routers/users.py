"""What is known of users."""

from fastapi import APIRouter

router = APIRouter(prefix="/users")


@router.get("/{number}")
def users_of(number: int) -> dict[str, int]:
    """One of the users."""
    return {"number": number}
