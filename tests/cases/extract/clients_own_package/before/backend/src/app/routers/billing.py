from fastapi import APIRouter

from app.services.bills import counter

router = APIRouter()


@router.get("/bills")
def get_bills() -> int:
    return counter.count
