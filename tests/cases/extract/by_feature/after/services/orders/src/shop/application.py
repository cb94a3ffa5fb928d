"""The shop."""

from fastapi import FastAPI

from shop.orders.router import router as orders


def create() -> FastAPI:
    """The application."""
    app = FastAPI()
    app.include_router(orders, prefix="/shop")
    return app
