"""The orders service: its routes exactly as the monolith serves them."""

from fastapi import FastAPI

from shop.orders.router import router as orders_router_router

app = FastAPI(
    title="orders",
    description="orders of the shop",
)
app.include_router(orders_router_router, prefix="/shop")


@app.get("/health", tags=["health"])
async def health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "orders"}
