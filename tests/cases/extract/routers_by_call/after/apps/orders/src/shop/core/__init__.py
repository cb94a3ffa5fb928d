from fastapi import FastAPI

from .views.orders import orders_router


def init_routers(app: FastAPI) -> None:
    app.include_router(orders_router)
