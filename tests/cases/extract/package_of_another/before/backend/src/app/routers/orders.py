from fastapi import APIRouter

from ..services import user_names

router = APIRouter()


@router.get("/orders")
def orders() -> str:
    return user_names.name()
