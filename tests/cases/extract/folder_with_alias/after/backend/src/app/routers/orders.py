from fastapi import APIRouter

from backend_core.schemas.users.token import Token

router = APIRouter()


@router.get("/orders")
def orders() -> str:
    return Token().text
