"""The shop's API."""

from fastapi import FastAPI

from app.routers import carts, orders, users

app = FastAPI()
app.include_router(users.router, prefix="/v1")
# carts first
app.include_router(carts.router, prefix="/v1")
app.include_router(orders.router, prefix="/v1")
