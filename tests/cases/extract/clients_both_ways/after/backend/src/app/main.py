from fastapi import FastAPI

from .routers import billing, orders

app = FastAPI()
app.include_router(orders.router)
app.include_router(billing.router)

# decompose: calls between services
from backend_core.internal_serving import serve as _serve  # noqa: E402

_serve(app, __package__)
# decompose: end
