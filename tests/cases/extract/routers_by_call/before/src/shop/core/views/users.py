from fastapi import APIRouter

users_router = APIRouter()


@users_router.get("/users")
def users() -> str:
    return "users"
