from fastapi import FastAPI

from . import routers

api = FastAPI()
for one in (routers.b,):
    api.include_router(one)


@api.get("/health", tags=["health"])
async def service_health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "b"}
