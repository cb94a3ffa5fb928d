"""The shop's API."""

from fastapi import FastAPI

from app.routers import orders

app = FastAPI()
app.include_router(orders.router, prefix="/v1")


@app.get("/health", tags=["health"])
async def service_health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "orders"}

# foreign keys refer to tables of these
from backend_core.domain import user as _user  # noqa: E402, F401
