from fastapi import APIRouter

from ..config import DATABASE

router = APIRouter()


@router.get("/users")
def users() -> str:
    return DATABASE
