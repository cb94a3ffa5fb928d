from fastapi import APIRouter

from app.services.bills import total

router = APIRouter()


@router.get("/bills")
def get_bills() -> int:
    return total()
