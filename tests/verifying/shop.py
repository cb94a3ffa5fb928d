"""A small monolith, and the same with a core and two services taken out by hand: `orders` has the tables."""

from __future__ import annotations

from decomposer.rewrite.package_path import extend_package

SOURCE = "apps/shop-api/src/app"
CATALOG, ORDERS, CORE = "apps/catalog", "apps/orders", "apps/shop-core"

_RULES = """name = "{name}"
description = "{name}"
phase = {phase}
port = 80{phase}0

[[rule]]
paths = ["routers/{name}.py", "services/{name}.py", "models/{name}.py"]
precedence = 100
reason = "by name"
"""
_CONFIG = """source = "apps/shop-api/src"
package = "app"
entry = ["app.main:app"]
rules = "rules"
services = "apps"
"""
_DEPS = """import app_settings


def current_user() -> str:
    return app_settings.USER


def price_list() -> dict[str, int]:
    return {"apple": 1}
"""
_ERRORS = """from fastapi import Request
from fastapi.responses import JSONResponse


class ShopError(Exception):
    pass


def handle_shop_error(request: Request, error: ShopError) -> JSONResponse:
    return JSONResponse({"error": str(error)}, status_code=409)
"""
_CATALOG = """from fastapi import APIRouter, Depends, WebSocket
from pydantic import BaseModel

from {core}.deps import current_user, price_list

router = APIRouter(prefix="/catalog", dependencies=[Depends(current_user)])


class Item(BaseModel):
    name: str
    parts: list["Item"] = []


@router.get("/items/{{name}}")
def item(name: str, prices: dict[str, int] = Depends(price_list)) -> Item:
    return Item(name=name)


@router.get("/items/all", include_in_schema=False)
def every_item() -> list[Item]:
    from {core}.deps import price_list as prices

    return [Item(name=name) for name in prices()]


@router.post("/items")
def add(item: Item) -> Item:
    return item


@router.get("/search")
def search(word: str = "") -> list[Item]:
    return []


@router.websocket("/watch")
async def watch(socket: WebSocket) -> None:
    await socket.accept()
"""
_ORDERS = """from fastapi import APIRouter, Depends
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table

from {core}.deps import current_user

router = APIRouter()
metadata = MetaData()
orders = Table("orders", metadata, Column("id", Integer, primary_key=True))
lines = Table("order_lines", metadata, Column("id", Integer, primary_key=True),
              Column("order_id", Integer, ForeignKey("orders.id")))


@router.get("/orders/{{number}}", dependencies=[Depends(current_user)])
def order(number: int) -> dict[str, int]:
    return {{"number": number}}


@router.get("/catalog/search")
def search(word: str = "") -> dict[str, str]:
    return {{"never": "answers"}}
"""
_MAIN = """from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware

from {core}.errors import ShopError, handle_shop_error
{imports}

print("starting, on standard output")


@asynccontextmanager
async def shop_hours(app: FastAPI) -> AsyncIterator[None]:
    yield


app = FastAPI(title="{title}", lifespan=shop_hours)
app.add_middleware(GZipMiddleware, minimum_size=500)
app.add_middleware(CORSMiddleware, allow_origins=["*"])
app.add_exception_handler(ShopError, handle_shop_error)
{includes}


@app.get("/health")
def health() -> dict[str, str]:
    return {{"status": "ok"}}
"""
_PROJECT = """[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "0.1.0"
dependencies = [{dependencies}]

[tool.hatch.build.targets.wheel]
packages = ["src/{package}"]
"""
_AWAY = extend_package(
    extend_package(b"", "../../../../catalog/src/app/routers", 0), "../../../../orders/src/app/routers", 0
).decode()
_SHIM = """import pathlib

_apps = pathlib.Path(__file__).parents[3]
__path__ = [str(_apps / "shop-core/src/shop_core")]
"""


def _main(title: str, core: str, *names: str) -> str:
    imports = "\n".join(f"from app.routers.{name} import router as {name}" for name in names)
    includes = "\n".join(f"app.include_router({name}, prefix='/v1')" for name in names)
    return _MAIN.format(core=core, title=title, imports=imports, includes=includes)


def _project(name: str, package: str, *dependencies: str) -> str:
    return _PROJECT.format(name=name, package=package, dependencies=", ".join(f'"{d}"' for d in dependencies))


_AROUND = {
    "decompose.toml": _CONFIG,
    "rules/catalog.toml": _RULES.format(name="catalog", phase=2),
    "rules/orders.toml": _RULES.format(name="orders", phase=3),
    "libs/app_settings/__init__.py": "USER = 'somebody'\n",
    f"{SOURCE}/__init__.py": "",
    f"{SOURCE}/broken.py": "import nothing_of_that_name\n",
}
BEFORE = {
    **_AROUND,
    f"{SOURCE}/deps.py": _DEPS,
    f"{SOURCE}/errors.py": _ERRORS,
    f"{SOURCE}/routers/__init__.py": "",
    f"{SOURCE}/routers/catalog.py": _CATALOG.format(core="app"),
    f"{SOURCE}/routers/orders.py": _ORDERS.format(core="app"),
    f"{SOURCE}/main.py": _main("shop", "app", "catalog", "orders"),
}
AFTER = {
    **_AROUND,
    f"{SOURCE}/deps.py": "from shop_core.deps import *\n",
    f"{SOURCE}/errors.py": "from shop_core.errors import *\n",
    f"{SOURCE}/routers/__init__.py": _AWAY,
    f"{SOURCE}/main.py": _main("shop", "shop_core", "catalog", "orders"),
    "apps/shop-api/src/shop_core/__init__.py": _SHIM,
    f"{CORE}/pyproject.toml": _project("shop-core", "shop_core", "fastapi"),
    f"{CORE}/src/shop_core/__init__.py": "",
    f"{CORE}/src/shop_core/deps.py": _DEPS,
    f"{CORE}/src/shop_core/errors.py": _ERRORS,
    f"{CATALOG}/pyproject.toml": _project("catalog", "app", "fastapi", "pydantic>=1", "shop-core"),
    f"{CATALOG}/src/app/__init__.py": "",
    f"{CATALOG}/src/app/main.py": _main("catalog", "shop_core", "catalog"),
    f"{CATALOG}/src/app/routers/__init__.py": "",
    f"{CATALOG}/src/app/routers/catalog.py": _CATALOG.format(core="shop_core"),
    f"{ORDERS}/pyproject.toml": _project("orders", "app", "fastapi", "sqlalchemy", "shop-core"),
    f"{ORDERS}/src/app/__init__.py": "",
    f"{ORDERS}/src/app/main.py": _main("orders", "shop_core", "orders"),
    f"{ORDERS}/src/app/routers/__init__.py": "",
    f"{ORDERS}/src/app/routers/orders.py": _ORDERS.format(core="shop_core"),
}
