from fastapi import FastAPI

from . import routers

api = FastAPI()
api.include_router(routers.users.router)


@api.get("/health", tags=["health"])
async def service_health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "users"}
