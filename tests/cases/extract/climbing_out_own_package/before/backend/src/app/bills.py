from fastapi import APIRouter

from .services.order_notes import NOTES
from .services.order_settings import TEXT

router = APIRouter()


@router.get("/bills")
def bills() -> str:
    return TEXT + NOTES
