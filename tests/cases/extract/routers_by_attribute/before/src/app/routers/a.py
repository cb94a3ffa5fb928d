from fastapi import APIRouter

router = APIRouter()


@router.get("/a")
def get() -> int:
    return 1
