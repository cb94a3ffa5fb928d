"""The shop."""

from fastapi import FastAPI

from app.services.sales import find, give

app = FastAPI(title=f"{find} {give}")
