"""The shop's API."""

from fastapi import FastAPI

from app.api.users import router as users
from app.routers import carts, orders

app = FastAPI()
app.include_router(users, prefix="/v1")
# carts first
app.include_router(carts.router, prefix="/v1")
app.include_router(orders.router, prefix="/v1")
