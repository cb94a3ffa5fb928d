from fastapi import FastAPI

from bills import bills
from orders.orders.views import page
from orders.services import order_notes, order_place, order_settings

app = FastAPI()
app.include_router(page.router)
app.include_router(bills.router)
