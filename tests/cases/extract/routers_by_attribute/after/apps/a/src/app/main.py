from fastapi import FastAPI

from . import routers

api = FastAPI()
for one in (routers.a,):
    api.include_router(one)


@api.get("/health", tags=["health"])
async def service_health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "a"}


@api.get("/health/live", tags=["health"])
async def service_live() -> dict[str, str]:
    """That the process answers."""
    return {"status": "alive"}


@api.get("/health/ready", tags=["health"])
async def service_ready() -> dict[str, str]:
    """That it has started."""
    return {"status": "ready"}
