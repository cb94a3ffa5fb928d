from fastapi import FastAPI

import app.routers.orders as oo

api = FastAPI()
api.include_router(oo.router)


@api.get("/health", tags=["health"])
async def service_health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "orders"}
