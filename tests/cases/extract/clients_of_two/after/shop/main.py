from fastapi import FastAPI

from .services import billing, orders, stock

app = FastAPI()
app.include_router(orders.router)
app.include_router(billing.router)
app.include_router(stock.router)

# decompose: calls between services
from shop_core.internal_serving import serve as _serve  # noqa: E402

_serve(app, __package__)
# decompose: end
