from fastapi import APIRouter

from ..schemas.users import Token, User

router = APIRouter()


@router.get("/users")
def users() -> str:
    return User().name + Token().text
