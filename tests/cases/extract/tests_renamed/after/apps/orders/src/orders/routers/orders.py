from fastapi import APIRouter

from ..services import place

router = APIRouter()


@router.post("/orders")
def post_order() -> int:
    return place()
