from fastapi import APIRouter

from ..config import load
from ..messages import hello
from ..services.user_mails import mail
from backend_core.settings.static import BASE

router = APIRouter()


@router.get("/users")
def users() -> str:
    return load() + hello() + mail() + str(BASE)
