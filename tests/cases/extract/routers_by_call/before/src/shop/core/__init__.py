from fastapi import FastAPI

from .views.orders import orders_router
from .views.users import users_router


def init_routers(app: FastAPI) -> None:
    app.include_router(orders_router)
    app.include_router(users_router)
