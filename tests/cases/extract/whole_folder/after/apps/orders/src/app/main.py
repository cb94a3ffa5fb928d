"""The shop."""

from fastapi import FastAPI

from app.services.orders import rates

app = FastAPI(title=str(rates.RATES))


@app.get("/health", tags=["health"])
async def service_health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "orders"}
