from fastapi import FastAPI

from .routers import orders

app = FastAPI()
app.include_router(orders.router)


@app.get("/health", tags=["health"])
async def service_health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "orders"}
