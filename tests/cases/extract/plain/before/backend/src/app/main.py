"""The shop's API."""

from fastapi import FastAPI

from app.routers import orders, users

app = FastAPI()
app.include_router(users.router, prefix="/v1")
app.include_router(orders.router, prefix="/v1")
