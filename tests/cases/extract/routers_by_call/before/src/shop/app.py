from fastapi import FastAPI

from .core import init_routers


def create_app() -> FastAPI:
    app = FastAPI()
    register(app)

    @app.get("/robots.txt")
    def robots() -> str:
        return ""

    return app


def register(app: FastAPI) -> None:
    init_routers(app)
