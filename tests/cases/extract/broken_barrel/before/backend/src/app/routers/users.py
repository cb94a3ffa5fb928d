from fastapi import APIRouter

from ..storage.db import tables

router = APIRouter()


@router.get("/users")
def users() -> str:
    return str(tables())
