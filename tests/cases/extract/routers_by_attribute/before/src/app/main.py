from fastapi import FastAPI

from . import routers
import app.routers.orders as oo
import app.routers.pets

api = FastAPI()
api.include_router(routers.carts)
api.include_router(routers.users.router)
api.include_router(oo.router)
api.include_router(app.routers.pets.router, prefix="/v1")
for one in (routers.a, routers.b):
    api.include_router(one)
