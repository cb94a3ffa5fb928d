from fastapi import APIRouter

router = APIRouter()


@router.get("/pets")
def get() -> int:
    return 1
