"""The shop."""

from fastapi import FastAPI

from shop.orders.router import router as orders
from shop.users.router import router as users


def create() -> FastAPI:
    """The application."""
    app = FastAPI()
    app.include_router(users)
    app.include_router(orders, prefix="/shop")
    return app
