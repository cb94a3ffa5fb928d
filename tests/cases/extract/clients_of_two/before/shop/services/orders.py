from fastapi import APIRouter

from .stock import take

router = APIRouter()


@router.post("/orders")
def ordered(name: str) -> int:
    return take(name, 2)
