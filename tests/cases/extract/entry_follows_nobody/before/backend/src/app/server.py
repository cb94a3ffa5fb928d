from fastapi import FastAPI

from . import bills, orders

app = FastAPI()
app.include_router(orders.router)
app.include_router(bills.router)
