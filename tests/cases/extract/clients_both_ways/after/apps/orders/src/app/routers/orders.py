from fastapi import APIRouter, Depends
from sqlmodel import Session

from backend_core.database import get_session
from ..services.orders import order

router = APIRouter()


@router.post("/orders")
def ordered(who: str, session: Session = Depends(get_session)) -> int:
    return order(session, who)
