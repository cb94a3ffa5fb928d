"""The carts service: its routes exactly as the monolith serves them."""

from fastapi import FastAPI

from app.routers.carts import router as routers_carts_router

app = FastAPI(
    title="carts",
    description="carts of the shop",
)
app.include_router(routers_carts_router, prefix="/v1")


@app.get("/health", tags=["health"])
async def health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "carts"}
