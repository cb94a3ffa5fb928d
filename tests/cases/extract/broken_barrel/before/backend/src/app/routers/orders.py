from fastapi import APIRouter

from ..storage.db import tables

router = APIRouter()


@router.get("/orders")
def orders() -> str:
    return str(tables())
