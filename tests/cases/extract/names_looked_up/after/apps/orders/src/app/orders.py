from fastapi import APIRouter

from .wallets import choose

router = APIRouter()


@router.get("/orders/{kind}")
def orders(kind: str) -> str:
    return choose(kind).name
