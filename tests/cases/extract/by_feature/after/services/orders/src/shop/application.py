"""The shop."""

from fastapi import FastAPI

from shop.orders.router import router as orders


def create() -> FastAPI:
    """The application."""
    app = FastAPI()
    app.include_router(orders, prefix="/shop")
    return app


@create.get("/health", tags=["health"])
async def service_health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "orders"}
