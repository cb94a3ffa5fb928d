from fastapi import APIRouter

from .stock import level

router = APIRouter()


@router.get("/bills")
def billed(name: str) -> int:
    return level(name).count
