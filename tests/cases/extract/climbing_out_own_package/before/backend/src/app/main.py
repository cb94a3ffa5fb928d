from fastapi import FastAPI

from . import bills
from .orders.views import page
from .services import order_notes, order_place, order_settings

app = FastAPI()
app.include_router(page.router)
app.include_router(bills.router)
