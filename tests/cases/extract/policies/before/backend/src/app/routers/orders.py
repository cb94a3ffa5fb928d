from fastapi import APIRouter

from app.services.orders import place

router = APIRouter()


@router.post("/orders")
def post_order() -> int:
    return place()
