"""Some of the routers, together."""

from fastapi import APIRouter

from .routers import orders_hub
from .routers.carts import router as carts

hub = APIRouter()
hub.include_router(carts)
hub.include_router(orders_hub.router)
