"""What comes of calls over HTTP, value for value, where types and signatures are unusual; one process asks both."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from decomposer import app
from decomposer.shell.apply import apply_changes
from tests.conftest import write_files

RULES = {
    "decompose.toml": 'source = "src"\npackage = "app"\nentry = "app.main:app"\nrules = "rules"\n'
                      'scaffold = ["pyproject"]\n',
    "rules/orders.toml": 'name = "orders"\nport = 8101\n[[rule]]\npaths = ["orders.py"]\nreason = "Orders."\n'
                         '[[dependency]]\npaths = ["bills.py"]\npolicy = "client"\nreason = "Theirs."\n',
    "rules/billing.toml": 'name = "billing"\nport = 8102\n[[rule]]\npaths = ["bills.py"]\nreason = "Bills."\n',
    "rules/core.toml": 'name = "core"\nshared = ["main.py", "__init__.py"]\n',
    "src/app/__init__.py": "",
    "src/app/main.py": "from fastapi import FastAPI\nfrom . import bills, orders\napp = FastAPI()\n"
                       "app.include_router(orders.router)\n\nif __name__ == '__main__':\n    print(app)\n",
}  # fmt: skip
BILLS = """# coding: latin-1
import datetime
import math
import uuid
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple, Union

from pydantic import BaseModel, ConfigDict, Field

NAME = "caf\u00e9"
RATE = 4
\f


class Way(Enum):
    A = "caf\u00e9"
    B = "b"


if RATE:
\tclass Place(NamedTuple):
\t\tx: int
\t\ty: str = "a"


class Sheet(BaseModel):
    model_config = ConfigDict(populate_by_name=True)
    some_id: uuid.UUID = Field(default_factory=uuid.uuid4, alias="someId")
    pages: int | None = None
    tags: list[str] = Field(default_factory=list)


class Adder:
    def __init__(self, first: int):
        self.first = first

    def __call__(self, second: int) -> int:
        return self.first + second

    def more(self, second: int = 2, /, *rest: int) -> int:
        return self.first + second + sum(rest)


adder = Adder(1)


def number(value: float, anything: Any = None) -> list[Any]:
    return [value, anything]


def day(value: datetime.date | str) -> datetime.date | str:
    return value


def several(value: list[int] | set[int] | None) -> list[int] | set[int] | None:
    return value


def one_of(value: Union[uuid.UUID, str]) -> list[Union[uuid.UUID, str]]:
    return [value]


def keyed(value: dict[tuple[int, int], str], other: dict[int | str, int]) -> dict[tuple[int, int], str]:
    return {(len(other), 0): repr(other), **value}


def raw(value: bytes, by: dict[bytes, int] = {}) -> bytes:
    return value + b"".join(by)


def named(
    _: int, _x: int = 2, x_: int = 3, *, given: int = RATE, self: float = math.tau, model_x: int = 60 * 60
) -> str:
    return f"{_} {_x} {x_} {given} {self} {model_x}"


def placed(a: int, /, b: int = 2, *, c: int, d: int = 60 * 2, **e: int) -> list[int]:
    return [a, b, c, d, *e.values()]


def kept(way: Way, place: Place) -> tuple[Way, Place]:
    return way, place


def same(sheet: Sheet) -> uuid.UUID:
    return sheet.some_id


def told(sheet: Sheet) -> dict[str, Any]:
    return sheet.model_dump(exclude_unset=True, exclude={"some_id"})
"""
ASKED = """
import datetime, math, uuid
one = uuid.UUID(int=3)
sheet = bills.Sheet(pages=None)
for call in [
    lambda: bills.number(math.inf, math.nan), lambda: bills.number(1.0, {"a": (1, {2}), "$": b"x", "b": -math.inf}),
    lambda: bills.day(datetime.date(2020, 1, 2)), lambda: bills.day("2020-01-02"),
    lambda: bills.several({1}), lambda: bills.several([2, 1]), lambda: bills.several(None),
    lambda: bills.one_of(one), lambda: bills.one_of(str(one)), lambda: bills.one_of("x"),
    lambda: bills.keyed({(1, 2): "a"}, {1: 2, "1": 3}), lambda: bills.raw(b"\\xff\\0", {b"\\xfe": 1}),
    lambda: bills.named(1), lambda: bills.named(1, 5, self=1.5, model_x=2, given=3),
    lambda: bills.placed(1, c=2), lambda: bills.placed(1, 5, c=2, d=7, z=1), lambda: bills.placed(1, c=2, a=9),
    lambda: [one.value if hasattr(one, "value") else one for one in bills.kept(bills.Way.A, bills.Place(2))],
    lambda: bills.same(sheet) == sheet.some_id, lambda: bills.told(sheet), lambda: bills.told(bills.Sheet(tags=["a"])),
    lambda: bills.same(bills.Sheet(someId=one)), lambda: bills.adder(2), lambda: bills.Adder(3)(4),
    lambda: bills.Adder(3).more(), lambda: bills.Adder(3).more(4, 5),
]:
    try:
        print(repr(call()))
    except Exception as error:
        print(type(error).__name__, error)
"""
OVER_HTTP = """
import asyncio, os, sys, types
os.environ["INTERNAL_TOKEN"] = "a secret"
import app
from app._clients import calling
from app_core import internal_serving
for name in ("app.bills", "endpoints"):
    module = types.ModuleType(name)
    module.__package__ = "app"
    sys.modules[name] = module
    with open(sys.argv[1 if name == "app.bills" else 2], "rb") as file:
        exec(compile(file.read(), name, "exec"), vars(module))
    app.bills = sys.modules["app.bills"]

def call(self, operation, given):
    content, headers = calling._written(operation, given)
    answered = internal_serving.answer(
        sys.modules["endpoints"].endpoints.by_path, operation.path, headers["authorization"], content)
    value, raised = operation.read(*asyncio.run(answered), "")
    if raised is not None:
        raise raised
    return value

calling.Owner.call = call
from app._clients import bills
"""


@pytest.mark.proof
def test_calls_are_answered_alike(tmp_path: Path) -> None:
    """Unions, keys, bytes, infinities, what a model makes itself, aliases, names that mean something, and encodings."""
    root = tmp_path / "shop"
    uses = " + ".join(f"bills.{name}" for name in (
        "number()", "day()", "several()", "one_of()", "keyed()", "raw()", "named()", "placed()", "kept()", "same()",
        "told()", "adder()", "Adder(1)(2)", "Adder(1).more()", "Way.A", "Place.x", "Sheet.some_id"))  # fmt: skip
    write_files(root, {**RULES, "src/app/bills.py": BILLS.encode("latin-1"), "src/app/orders.py":
                "from fastapi import APIRouter\n\nfrom . import bills\n\nrouter = APIRouter()\n\n\n"
                f"@router.get('/orders')\ndef orders():\n    return {uses}\n"})  # fmt: skip
    before = asked("from app import bills\n", root / "src")
    planned = app.extract(app.Options(repo=root, cache=False), ("orders",))
    assert [] == [problem for problem in planned.problems if problem.code == "cannot-cross"]
    apply_changes(root, planned.change_set, "extract orders", ("orders",))
    main = (root / "src/app/main.py").read_text()
    assert 0 < main.index("_serve(app, __package__)") < main.index("if __name__")
    files = [str(root / "src/app" / path) for path in ("bills.py", "_internal/billing.py")]
    after = asked(OVER_HTTP, root / "apps/orders/src", root / "apps/app-core/src", arguments=files)
    assert 26 == before.count("\n")
    assert before == after


def asked(script: str, *path: Path, arguments: list[str] | None = None) -> str:
    """What is printed of all calls, with these folders on the path."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
    done = subprocess.run([sys.executable, "-c", script + ASKED, *(arguments or [])], env=environment,
                          capture_output=True, text=True)  # fmt: skip
    return done.stdout + done.stderr
