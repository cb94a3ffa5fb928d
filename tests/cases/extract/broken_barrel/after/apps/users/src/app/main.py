from fastapi import FastAPI

from .routers import users

app = FastAPI()
app.include_router(users.router)


@app.get("/health", tags=["health"])
async def service_health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "users"}
