from fastapi import APIRouter

from ..domain.order import Order

router = APIRouter()


@router.get("/orders")
def orders() -> str:
    return Order.__tablename__
