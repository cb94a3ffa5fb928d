from fastapi import APIRouter

from app.services.order_notes import NOTES
from app.services.order_settings import TEXT

router = APIRouter()


@router.get("/bills")
def bills() -> str:
    return TEXT + NOTES
