"""The shop."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/health", tags=["health"])
async def service_health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "orders"}
