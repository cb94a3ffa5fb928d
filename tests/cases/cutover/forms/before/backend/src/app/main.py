"""The shop's API."""

from contextlib import asynccontextmanager

from fastapi import FastAPI

from . import routers, settings
from .hub import hub
from .routers import orders_list, orders_state, users
from .routers.orders_admin import router as orders_admin  # for some

try:
    from .routers.orders_old import router as old
except ImportError:
    old = None


@asynccontextmanager
async def lifespan(app):
    """What is kept while it runs."""
    app.state.users = 0
    orders_state.router.tags.append("started")
    yield


def create_app() -> FastAPI:
    """The application."""
    app = FastAPI(lifespan=lifespan)
    app.include_router(routers.carts, prefix="/v1")
    app.include_router(routers.orders, prefix="/v1", tags=["orders"])
    for router in (users, orders_list.router):
        app.include_router(router, prefix="/v2")
    if settings.ADMIN:
        app.include_router(orders_admin, prefix="/admin")
    if old is not None:
        app.include_router(old)
    app.include_router(hub, prefix="/hub")
    app.include_router(
        orders_state.router,
        prefix="/state",
    )
    return app


app = create_app()
