"""What the text of models tells is what FastAPI describes: nothing of what stays, and all of what changes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from decomposer import app
from decomposer.app.checking import _scene
from decomposer.checks.compatibility import compatibility
from decomposer.checks.openapi import operations
from decomposer.planning.described import Describing
from tests.conftest import write_files

MODELS = '''"""Everything that orders are made of."""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime
from typing import Annotated, Any, Dict, List, Literal, Optional, Union

from pydantic import BaseModel, ConfigDict, Field, computed_field
from sqlmodel import SQLModel


class State(enum.StrEnum):
    OPEN = "open"
    PAID = "paid"


class Named(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    name: str = Field(min_length=1)


class Line(Named):
    amount: int = Field(..., gt=0)
    price: float
    made: Optional[datetime] = None


class Order(Named):
    id: uuid.UUID
    lines: List[Line] = []
    labels: dict[str, int] = {}
    state: State = State.OPEN
    kind: Literal["a", "b"] = "a"
    due: Union[date, str, None] = None
    more: dict[str, Any] = {}
    best: Line | None = None
    above: Order | None = None


class Row(SQLModel):
    id: Optional[int] = Field(default=None, description="its number")
    words: list[list[str]] = Field(default_factory=list)


class Renamed(BaseModel):
    number: int = Field(alias="no")


class Counted(BaseModel):
    lines: list[Line]

    @computed_field
    @property
    def count(self) -> int:
        return len(self.lines)
'''
ROUTES = '''"""What is asked of orders."""

from typing import Any

from fastapi import APIRouter, Body, Response

from app import models
from app.models import Counted, Line, Order, Renamed, Row

router = APIRouter()


@router.get("/orders", response_model=list[Order])
def listed() -> Any:
    return []


@router.get("/orders/{id}")
def one(id: str) -> Order | None:
    return None


@router.post("/orders", status_code=201)
def made(order: Order, loud: bool = False) -> models.Row:
    return models.Row()


@router.put("/orders")
def changed(order: Line, other: Row) -> dict[str, Line]:
    return {}


@router.get("/renamed")
def renamed() -> Renamed: ...


@router.get("/counted", response_model=Counted)
def counted(): ...


@router.get("/anything")
def anything() -> Any: ...


@router.get("/said")
def said(): ...


@router.delete("/orders", status_code=204)
def gone() -> None: ...


@router.get("/raw", response_class=Response)
def raw() -> Order: ...
'''
SHOP = {
    "decompose.toml": 'source = "src"\npackage = "app"\nentry = ["app.main:app"]\nrules = "rules"\n',
    "rules/core.toml": 'name = "core"\nshared = ["**"]\n', "src/app/__init__.py": "",
    "src/app/main.py": "from fastapi import FastAPI\nfrom app.routes import router\n\napp = FastAPI()\n"
                       "app.include_router(router, prefix='/v1')\n",
    "src/app/models.py": MODELS, "src/app/routes.py": ROUTES,
}  # fmt: skip
EDITS = {
    "a field is gone": ("models", "    price: float\n", ""),
    "a field is new": ("models", "    price: float\n", "    price: float\n    note: str = ''\n"),
    "a field is new and needed": ("models", "    price: float\n", "    price: float\n    note: str\n"),
    "a field has another name": ("models", "    price: float\n", "    cost: float\n"),
    "a field has another type": ("models", "    price: float\n", "    price: str\n"),
    "a number may be a part of one": ("models", "amount: int =", "amount: float ="),
    "a field may be missing": ("models", "    price: float\n", "    price: float = 0.5\n"),
    "a field is needed now": ("models", "lines: List[Line] = []", "lines: List[Line]"),
    "a field may be nothing": ("models", "    id: uuid.UUID\n", "    id: uuid.UUID | None\n"),
    "a field is never nothing": ("models", "    best: Line | None = None\n", "    best: Line\n"),
    "a text is no date any more": ("models", "    made: Optional[datetime]", "    made: Optional[str]"),
    "an id is a text": ("models", "    id: uuid.UUID\n", "    id: str\n"),
    "a list has others": ("models", "words: list[list[str]]", "words: list[list[int]]"),
    "a mapping has others": ("models", "labels: dict[str, int]", "labels: dict[str, str]"),
    "a base has another": ("models", "    name: str = Field(min_length=1)", "    title: str = Field(min_length=1)"),
    "a row has another": ("models", "    words: list[list[str]] = Field(default_factory=list)", "    size: int"),
    "another is answered": ("routes", "-> models.Row:", "-> Line:"),
    "a list is answered": ("routes", "-> Order | None:", "-> list[Order]:"),
    "one of the list is answered": ("routes", "response_model=list[Order]", "response_model=Order"),
    "nobody says what is answered": ("routes", "dict[str, Line]:", "Any:"),
    "another is asked for": ("routes", "order: Order, loud", "order: Line, loud"),
}  # fmt: skip
UNSEEN = {"nobody says what is answered"}
"""What the text does not tell for sure."""


def described(root: Path, document: dict[str, Any]) -> tuple[Describing, dict[str, Any]]:
    """What the text tells of a document, and the document that it tells."""
    tree = _scene(app.Options(repo=root, cache=False))[1].tree
    told = Describing(tree.code, tree.calling.types, tree.read, document)
    for route in tree.code.served:
        if (route.method, route.path) in operations(document):
            told.tell(route.method, route.path, route.source, route.handler)
    return told, told.after


DESCRIBE = """
import importlib, json, sys
found = {}
for folder in sys.argv[1:]:
    for name in [name for name in sys.modules if name.partition(".")[0] == "app"]:
        del sys.modules[name]
    sys.path[0] = folder
    importlib.invalidate_caches()
    found[folder] = importlib.import_module("app.main").app.openapi()
print(json.dumps(found))
"""


def changes(before: dict[str, Any], after: dict[str, Any]) -> set[tuple[str, str, str]]:
    """The changes that are the models', without defaults, and whether one model is two: of these nothing is told."""
    return {(one.operation, one.where, one.told) for one in compatibility(before, after).changes
            if "default is" not in one.told and "called Order, not Order-Output" not in one.told}  # fmt: skip


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What FastAPI describes after each edit, and without one (""), of all in one process."""
    place = tmp_path_factory.mktemp("described")
    folders = {name: place / str(number) for number, name in enumerate(("", *EDITS))}
    for name, folder in folders.items():
        write_files(folder, edited(name) if name else SHOP)
    sources = [str(folder / "src") for folder in folders.values()]
    done = subprocess.run([sys.executable, "-B", "-c", DESCRIBE, *sources], capture_output=True, text=True)
    assert 0 == done.returncode, done.stderr
    return dict(zip(folders, json.loads(done.stdout).values(), strict=True))


def edited(name: str) -> dict[str, str]:
    """The shop after an edit."""
    module, old, new = EDITS[name]
    path = f"src/app/{module}.py"
    assert old in SHOP[path]
    return SHOP | {path: SHOP[path].replace(old, new)}


def test_what_has_not_changed_is_as_it_was_promised(documents: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    """Constraints, aliases, computed fields, enumerations and whatever else is not understood do not differ."""
    write_files(tmp_path, SHOP)
    told, after = described(tmp_path, documents[""])
    assert () == compatibility(documents[""], after).changes
    assert {"Line", "Order-Input", "Order-Output", "Row"} == {name for name, field in told.places if not field}


@pytest.mark.parametrize("name", EDITS)
def test_a_change_is_what_fastapi_says(name: str, documents: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    """Of each edit of a model, or of what a handler says, the same is told as of the two documents."""
    write_files(tmp_path, edited(name))
    _, after = described(tmp_path, documents[""])
    really = changes(documents[""], documents[name])
    assert really
    assert (set() if name in UNSEEN else really) == changes(documents[""], after)
