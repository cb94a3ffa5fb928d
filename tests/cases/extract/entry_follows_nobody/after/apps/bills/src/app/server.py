from fastapi import FastAPI

from . import bills

app = FastAPI()
app.include_router(bills.router)


@app.get("/health", tags=["health"])
async def service_health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "bills"}


@app.get("/health/live", tags=["health"])
async def service_live() -> dict[str, str]:
    """That the process answers."""
    return {"status": "alive"}


@app.get("/health/ready", tags=["health"])
async def service_ready() -> dict[str, str]:
    """That it has started."""
    return {"status": "ready"}
