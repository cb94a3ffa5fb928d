from fastapi import FastAPI

from .services import stock

app = FastAPI()
app.include_router(stock.router)


@app.get("/health", tags=["health"])
async def service_health() -> dict[str, str]:
    """That the service answers."""
    return {"status": "ok", "service": "stock"}


@app.get("/health/live", tags=["health"])
async def service_live() -> dict[str, str]:
    """That the process answers."""
    return {"status": "alive"}


@app.get("/health/ready", tags=["health"])
async def service_ready() -> dict[str, str]:
    """That it has started."""
    return {"status": "ready"}

# decompose: calls between services
from shop_core.internal_serving import serve as _serve  # noqa: E402

_serve(app, __package__)
# decompose: end
