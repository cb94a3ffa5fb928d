"""Some of the routers, together."""

from fastapi import APIRouter

from .routers.carts import router as carts

hub = APIRouter()
hub.include_router(carts)
