from fastapi import APIRouter

from .notes import NOTE

router = APIRouter()


@router.get("/orders")
def orders() -> str:
    return NOTE
