"""The shop."""

from fastapi import FastAPI

from app.services.sales import find, give

app = FastAPI(title=f"{find} {give}")


@app.get("/health", tags=["health"])
async def service_health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "orders"}
