"""The shop."""

from fastapi import FastAPI

from app.domain import user

app = FastAPI(title=user.NAME)


@app.get("/health", tags=["health"])
async def service_health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "orders"}
