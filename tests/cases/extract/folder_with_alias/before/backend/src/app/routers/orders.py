from fastapi import APIRouter

from ..schemas.users.token import Token

router = APIRouter()


@router.get("/orders")
def orders() -> str:
    return Token().text
