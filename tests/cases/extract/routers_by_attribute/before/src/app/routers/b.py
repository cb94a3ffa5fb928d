from fastapi import APIRouter

router = APIRouter()


@router.get("/b")
def get() -> int:
    return 1
