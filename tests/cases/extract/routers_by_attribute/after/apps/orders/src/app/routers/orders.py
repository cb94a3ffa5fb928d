from fastapi import APIRouter

router = APIRouter()


@router.get("/orders")
def get() -> int:
    return 1
