"""The shop's API."""

from fastapi import FastAPI

from app.routers import orders

app = FastAPI()
app.include_router(orders.router, prefix="/v1")


@app.get("/health", tags=["health"])
async def service_health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "orders"}
