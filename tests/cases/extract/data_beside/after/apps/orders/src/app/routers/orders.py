from fastapi import APIRouter

from ..config import load
from ..messages import hello
from ..services.order_prints import page
from ..services.user_mails import mail
from backend_core.settings.static import BASE

router = APIRouter()


@router.get("/orders")
def orders() -> str:
    return load() + hello() + mail() + page() + str(BASE)
