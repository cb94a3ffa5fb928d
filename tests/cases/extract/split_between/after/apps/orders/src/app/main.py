"""The orders service: its routes exactly as the monolith serves them."""

from fastapi import FastAPI

app = FastAPI(
    title="orders",
    description="orders of the shop",
)


@app.get("/health", tags=["health"])
async def health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "orders"}
