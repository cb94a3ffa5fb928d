"""The carts service: its routes exactly as the monolith serves them."""

from fastapi import FastAPI

app = FastAPI(
    title="carts",
    description="carts of the shop",
)


@app.get("/health", tags=["health"])
async def health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "carts"}
