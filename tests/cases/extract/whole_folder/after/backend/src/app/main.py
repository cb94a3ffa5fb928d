"""The shop."""

from fastapi import FastAPI

from app.services.orders import rates

app = FastAPI(title=str(rates.RATES))
