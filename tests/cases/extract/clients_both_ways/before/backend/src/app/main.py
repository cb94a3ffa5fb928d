from fastapi import FastAPI

from .routers import billing, orders

app = FastAPI()
app.include_router(orders.router)
app.include_router(billing.router)
