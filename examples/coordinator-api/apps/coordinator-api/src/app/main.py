"""The whole API in one process: ``uvicorn app.main:app``."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlmodel import Session, text

from app.routers.users import router as users
from shared_lib import new_id

from . import __version__
from .config import settings
from .database import engine
from .exceptions import CoordinatorError, handle_coordinator_error
from .routers import (
    admin,
    agent_marketplace,
    agent_router,
    analytics,
    blockchain,
    client,
    marketplace_gpu,
    miner,
    payments,
)
from .routers.enterprise import router as enterprise
from .routers.explorer import router as explorer
from .storage import init_db
from .tasks import registry
from .utils.logs import configure_logging

try:
    from .routers.multi_modal import router as multi_modal
except ImportError:
    multi_modal = None

logger = logging.getLogger("app.main")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Create the tables and load the tasks before the first request."""
    configure_logging(settings.log_level)
    init_db()
    registry.load()
    logger.info("%s is up with %d tasks", app.title, len(registry.names()))
    yield
    logger.info("%s is down", app.title)


def create_app() -> FastAPI:
    """Return the application with every router in its place."""
    app = FastAPI(title="Coordinator API", version=__version__, lifespan=lifespan)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allow_origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["*"],
    )
    app.add_exception_handler(CoordinatorError, handle_coordinator_error)

    @app.exception_handler(ZeroDivisionError)
    async def handle_arithmetic(request: Request, error: ZeroDivisionError) -> JSONResponse:
        return JSONResponse({"error": "Arithmetic", "detail": str(error)}, status_code=422)

    @app.middleware("http")
    async def add_request_id(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await call_next(request)
        response.headers["X-Request-ID"] = request.headers.get("X-Request-ID") or new_id("req")
        return response

    app.include_router(users, prefix="/v1")
    if settings.enable_admin:
        app.include_router(admin, prefix="/v1")
    app.include_router(client, prefix="/v1")
    app.include_router(miner, prefix="/v1")
    app.include_router(agent_marketplace, prefix="/v1")
    app.include_router(marketplace_gpu, prefix="/v1")
    # payments first: both it and blockchain answer GET /v1/transactions/{transaction_id}
    app.include_router(payments, prefix="/v1")
    app.include_router(blockchain, prefix="/v1")
    app.include_router(enterprise, prefix="/v1")
    app.include_router(agent_router, prefix="/v1")
    app.include_router(explorer, prefix="/v1")
    app.include_router(explorer, prefix="/v1/public")
    app.include_router(analytics, prefix="/v1")
    if multi_modal is not None:
        app.include_router(multi_modal, prefix="/v1")

    @app.get("/health", tags=["health"])
    @app.get("/v1/health", tags=["health"])
    def health() -> dict[str, str]:
        """Say that the process is up, and which version it is."""
        return {"status": "ok", "version": __version__, "service": "coordinator-api"}

    @app.get("/health/live", tags=["health"])
    def live() -> dict[str, str]:
        """Say that the process is up."""
        return {"status": "alive"}

    @app.get("/health/ready", tags=["health"])
    def ready() -> dict[str, str]:
        """Say that the database answers."""
        with Session(engine) as session:
            session.connection().execute(text("SELECT 1"))
        return {"status": "ready"}

    @app.get("/metrics", response_class=PlainTextResponse, include_in_schema=False)
    def metrics() -> str:
        """Return the counts in the text format of Prometheus."""
        from .services import ExplorerService

        with Session(engine) as session:
            counts = ExplorerService(session).summary()
        return "".join(f"coordinator_{name} {count}\n" for name, count in counts.items())

    return app


app = create_app()
