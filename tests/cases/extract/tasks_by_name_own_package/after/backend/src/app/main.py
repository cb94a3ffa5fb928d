from fastapi import FastAPI

from bills_service.routers import bills
from orders_service.routers import orders
from .tasks import registry

registry.load()
app = FastAPI()
app.include_router(orders.router)
app.include_router(bills.router)
