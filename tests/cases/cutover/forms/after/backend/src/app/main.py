"""The shop's API."""

from contextlib import asynccontextmanager

from fastapi import FastAPI

from . import routers
from .hub import hub
from .routers import users


@asynccontextmanager
async def lifespan(app):
    """What is kept while it runs."""
    app.state.users = 0
    yield


def create_app() -> FastAPI:
    """The application."""
    app = FastAPI(lifespan=lifespan)
    app.include_router(routers.carts, prefix="/v1")
    for router in (users,):
        app.include_router(router, prefix="/v2")
    app.include_router(hub, prefix="/hub")
    return app


app = create_app()
