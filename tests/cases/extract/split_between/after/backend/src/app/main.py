"""The shop."""

from fastapi import FastAPI

from app.sales import find_cart, find_order

app = FastAPI(title=f"{find_cart} {find_order}")
