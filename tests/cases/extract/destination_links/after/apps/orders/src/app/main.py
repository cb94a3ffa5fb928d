"""The orders service: its routes exactly as the monolith serves them."""

from fastapi import FastAPI

from app.routers.orders import router as routers_orders_router

app = FastAPI(
    title="orders",
    description="orders of the shop",
)
app.include_router(routers_orders_router, prefix="/v1")


@app.get("/health", tags=["health"])
async def health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "orders"}
