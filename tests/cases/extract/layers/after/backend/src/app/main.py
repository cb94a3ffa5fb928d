"""The shop."""

from fastapi import FastAPI

from app.domain import user

app = FastAPI(title=user.NAME)
