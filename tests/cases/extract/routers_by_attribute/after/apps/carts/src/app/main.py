from fastapi import FastAPI

from . import routers

api = FastAPI()
api.include_router(routers.carts)


@api.get("/health", tags=["health"])
async def service_health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "carts"}
