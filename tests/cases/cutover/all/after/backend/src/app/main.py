"""The shop's API."""

from fastapi import FastAPI

from app.api.users import router as users

app = FastAPI()
app.include_router(users, prefix="/v1")
# carts first
