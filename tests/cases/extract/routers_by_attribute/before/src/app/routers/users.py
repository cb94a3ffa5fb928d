from fastapi import APIRouter

router = APIRouter()


@router.get("/users")
def get() -> int:
    return 1
