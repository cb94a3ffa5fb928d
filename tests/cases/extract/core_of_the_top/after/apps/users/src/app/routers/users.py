from fastapi import APIRouter

from backend_core.config import DATABASE

router = APIRouter()


@router.get("/users")
def users() -> str:
    return DATABASE
