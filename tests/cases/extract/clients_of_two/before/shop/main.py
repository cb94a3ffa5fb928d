from fastapi import FastAPI

from .services import billing, orders, stock

app = FastAPI()
app.include_router(orders.router)
app.include_router(billing.router)
app.include_router(stock.router)
