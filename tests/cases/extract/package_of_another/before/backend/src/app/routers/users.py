from fastapi import APIRouter

from app.assets import users as assets

router = APIRouter()


@router.get("/users")
def users() -> str:
    return assets.PICTURE
