from fastapi import APIRouter

from ..config import DATABASE
from ..settings import RELEASE

router = APIRouter()


@router.get("/orders")
def orders() -> str:
    return RELEASE + DATABASE
