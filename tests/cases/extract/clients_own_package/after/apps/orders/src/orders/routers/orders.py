from typing import Annotated

from fastapi import APIRouter, Depends
from sqlmodel import Session

from backend_core.database import get_session
from orders.services.orders import check, place
from backend_core.values import Order

router = APIRouter()


@router.post("/orders")
async def post_order(order: Order, customer: str = "somebody") -> bool:
    return await place(order, customer) is not None


@router.post("/orders/check")
def post_check(order: Order, session: Annotated[Session, Depends(get_session)]) -> int:
    return len(check(order, session))
