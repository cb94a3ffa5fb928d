"""Exceptions of libraries come over HTTP as what they are, where they can be made of their `args` alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from decomposer import app
from decomposer.planning.foreign import Foreign, foreign
from decomposer.shell.apply import apply_changes
from decomposer.syntax.caught import read_caught
from tests.conftest import write_files
from tests.extraction.test_called_alike import RULES

BILLS = """import json

import httpx


def link(url: str) -> str:
    return str(httpx.URL(url))


def lost() -> int:
    raise httpx.ConnectError("no way", request=httpx.Request("GET", "http://h"))


async def slow() -> int:
    raise httpx.ReadTimeout("slow")


def refused() -> int:
    raise httpx.HTTPStatusError("no", request=httpx.Request("GET", "http://h"), response=httpx.Response(404))


def late() -> int:
    raise TimeoutError("late")


def read(text: str) -> int:
    return json.loads(text)
"""
ORDERS = """import httpx
from fastapi import APIRouter

from . import bills

router = APIRouter()


@router.get("/orders")
async def orders():
    try:
        bills.link("x")
    except (httpx.InvalidURL, httpx.HTTPError):
        return 0
    return [bills.lost(), await bills.slow(), bills.refused(), bills.late(), bills.read("1")]
"""
ASKED = """
import asyncio, httpx
def tried(call):
    try:
        found = call()
        return asyncio.run(found) if asyncio.iscoroutine(found) else found
    except Exception as error:
        return type(error).__module__, type(error).__qualname__, error.args, isinstance(error, httpx.HTTPError)
for call in (lambda: bills.link("http://h"), lambda: bills.link("http://["), bills.lost, bills.slow, bills.late,
             bills.refused, lambda: bills.read("{")):
    print(tried(call))
"""
OVER_HTTP = """
import asyncio, importlib.util, os, sys
os.environ["INTERNAL_TOKEN"] = "a secret"
import httpx
import app
from app._clients import calling
from app_core import internal_serving
loaded = {}
for name, path in (("app.bills", sys.argv[1]), ("endpoints", sys.argv[2])):
    spec = importlib.util.spec_from_file_location(name, path)
    sys.modules[name] = loaded[name] = importlib.util.module_from_spec(spec)
    app.bills = sys.modules["app.bills"]
    spec.loader.exec_module(loaded[name])
by_path = loaded["endpoints"].endpoints.by_path

async def handle(request):
    status, content, kind = await internal_serving.answer(
        by_path, request.url.path, request.headers["authorization"], request.content)
    return httpx.Response(status, content=content, headers={"content-type": kind})

client, client_async = httpx.Client, httpx.AsyncClient
calling.httpx.Client = lambda **words: client(transport=httpx.MockTransport(lambda one: asyncio.run(handle(one))))
calling.httpx.AsyncClient = lambda **words: client_async(transport=httpx.MockTransport(handle))
from app._clients import bills
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop whose orders are to call bills."""
    write_files(tmp_path / "shop", {**RULES, "src/app/bills.py": BILLS, "src/app/orders.py": ORDERS})
    return tmp_path / "shop"


@pytest.mark.proof
def test_exceptions_of_libraries_are_what_they_were(shop: Path) -> None:
    """Those of a library's that are made of their `args`, and what is one of them; others are the documented error."""
    before = told("from app import bills\n", shop / "src").splitlines()
    planned = app.extract(app.Options(repo=shop, cache=False), ("orders",))
    apply_changes(shop, planned.change_set, "extract orders", ("orders",))
    files = [str(shop / "src/app" / path) for path in ("bills.py", "_internal/billing.py")]
    after = told(OVER_HTTP, shop / "apps/orders/src", shop / "apps/app-core/src", arguments=files).splitlines()
    assert 7 == len(before), before
    assert before[:5] == after[:5]
    assert ["ConnectError", "ReadTimeout"] == [line.split("'")[3] for line in after[2:4]]
    assert ["HTTPStatusError", "JSONDecodeError"] == [line.split("'")[3] for line in before[5:]]
    assert ["OwnerError", "OwnerError"] == [line.split("'")[3] for line in after[5:]]
    assert "httpx" in (shop / "apps/app-core/pyproject.toml").read_text()


def test_what_cannot_be_told_beforehand_is_told(shop: Path) -> None:
    """At the line that catches, and by whoever explains; the same is agreed when the context has left."""
    planned = app.extract(app.Options(repo=shop, cache=False), ("orders",))
    found = [problem for problem in planned.problems if problem.code == "library-exception"]
    assert [("src/app/orders.py", 13, "warning")] * 2 == [(one.path, one.line, one.severity) for one in found]
    assert ["httpx.HTTPError", "httpx.InvalidURL"] == [one.message.split()[1] for one in found]
    needs = app.explain(app.Options(repo=shop, cache=False), "orders").value["needs"]
    assert [13, 13] == [one["line"] for need in needs for one in need["caught"]]


@pytest.mark.parametrize("package", ["app", "{context}"])
def test_what_was_agreed_stays(package: str, shop: Path) -> None:
    """Also where what catches them lies in the service alone, under another name."""
    toml = shop / "decompose.toml"
    toml.write_text(toml.read_text() + f'[service]\npackage = "{package}"\n')
    options = app.Options(repo=shop, cache=False)
    apply_changes(shop, app.extract(options, ("orders",)).change_set, "extract orders", ("orders",))
    contract = (shop / "apps/app-core/src/app_core/contracts/bills.py").read_text()
    assert '"httpx.InvalidURL": httpx.InvalidURL,' in contract and '"httpx.HTTPError": httpx.HTTPError,' in contract
    (shop / "src/app/bills.py").write_text(BILLS.replace("text: str", "text: str, other: int = 0"))
    assert app.extract(options, ("orders",)).change_set.changes
    again = {change.path: change.after for change in app.extract(options, ("orders",)).change_set.changes}
    assert b'"httpx.InvalidURL": httpx.InvalidURL,' in again["apps/app-core/src/app_core/contracts/bills.py"]


@pytest.mark.parametrize(("source", "expected"), [
    ("try:\n    bills.total()\nexcept A: pass\nexcept (x.B, C): pass", [("A", 3), ("x.B", 4), ("C", 4)]),
    ("try:\n    other()\nexcept A: pass", []),
    ("def help():\n    return bills.total()\ntry:\n    help()\nexcept A: pass", [("A", 5)]),
    ("class C:\n    def a(self):\n        self.b = bills.Biller()\n    def c(self):\n        try:\n"
     "            self.b.rate()\n        except A: pass", [("A", 7)]),
    ("with suppress(A, x.B):\n    bills.total()", [("A", 1), ("x.B", 1)]),
    ("try:\n    bills.total()\nexcept: pass", []),
])  # fmt: skip
def test_what_is_caught_around_calls(source: str, expected: list[tuple[str, int]]) -> None:
    """By any name that leads to one of them in the module."""
    assert expected == list(read_caught(source.encode(), {"bills.total", "bills.Biller"}))


IMPORTS = """import httpx
import a.b as short
import requests
from sqlalchemy import exc
from redis.exceptions import ConnectionError as Lost
import asyncio
from fastapi import HTTPException
try:
    import maybe
except ImportError:
    maybe = None


def f():
    import inside
"""


@pytest.mark.parametrize(("written", "expected"), [
    ("httpx.InvalidURL", Foreign("httpx.InvalidURL", "import httpx", "httpx.InvalidURL")),
    ("short.Error", Foreign("a.b.Error", "import a.b", "a.b.Error")),
    ("requests.ConnectionError", Foreign("requests.ConnectionError", "import requests", "requests.ConnectionError")),
    ("exc.DBAPIError", Foreign("sqlalchemy.exc.DBAPIError", "from sqlalchemy import exc as sqlalchemy_exc",
                               "sqlalchemy_exc.DBAPIError")),
    ("Lost", Foreign("redis.exceptions.ConnectionError", "import redis.exceptions",
                     "redis.exceptions.ConnectionError")),
    ("maybe.Error", Foreign("maybe.Error", trouble="it may not be there, as the import says")),
    ("inside.Error", Foreign("inside.Error", trouble="it is imported where it is used")),
    ("asyncio.TimeoutError", None), ("HTTPException", None), ("ValueError", None), ("error", None),
    ("httpx.make_error", None),
])  # fmt: skip
def test_what_a_name_means(written: str, expected: Foreign | None, shop: Path) -> None:
    """An exception of a library by its full name; none for Python's own, and for what is none."""
    from decomposer.app.extracting import tree_of
    from decomposer.app.reading import analysis
    from decomposer.shell import disk

    write_files(shop, {"src/app/orders.py": ORDERS, "src/app/naming.py": IMPORTS})
    options = app.Options(repo=shop, cache=False)
    listing = disk.list_files(shop, options.scanned)
    assert expected == foreign(tree_of(listing, analysis(options, listing)).code, "app.naming", written)


def told(script: str, *path: Path, arguments: list[str] | None = None) -> str:
    """What is printed of all calls, with these folders on the path."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
    done = subprocess.run([sys.executable, "-c", script + ASKED, *(arguments or [])], env=environment,
                          capture_output=True, text=True)  # fmt: skip
    return done.stdout or done.stderr
