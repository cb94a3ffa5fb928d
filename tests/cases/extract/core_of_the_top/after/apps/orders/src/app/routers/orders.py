from fastapi import APIRouter

from backend_core.config import DATABASE
from backend_core.settings import RELEASE

router = APIRouter()


@router.get("/orders")
def orders() -> str:
    return RELEASE + DATABASE
