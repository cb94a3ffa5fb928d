"""The whole shop."""

from fastapi import FastAPI

from .routers import billing, orders

app = FastAPI()
app.include_router(orders)
app.include_router(billing, prefix="/v1")
limits = {"orders": 3}
