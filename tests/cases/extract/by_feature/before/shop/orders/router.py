import jwt
from fastapi import APIRouter

from .service import find

router = APIRouter(prefix="/orders")


@router.get("/{number}")
def order(number: int) -> str:
    """One order."""
    return jwt.encode(find(number), "key")
