from fastapi import FastAPI

from .routers import bills, orders
from .tasks import registry

registry.load()
app = FastAPI()
app.include_router(orders.router)
app.include_router(bills.router)
