"""Each check finds what it is for, at its place, and nothing in a repository that is as it should be."""

from __future__ import annotations

import configparser
import datetime
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from decomposer import app
from decomposer.app.checking import _scene
from decomposer.gating import CHECKS, findings
from decomposer.gating.scene import Scene
from decomposer.shell.apply import apply_changes
from tests.cli.test_commands import invoke
from tests.conftest import write_files

SHOP = {
    "decompose.toml": 'source = "src"\npackage = "app"\nentry = ["app.main:app"]\nrules = "rules"\n'
    'scaffold = ["pyproject"]\n[limits]\nservice = 60\nservice_target = 40\nfile = 30\n',
    "rules/orders.toml": 'name = "orders"\nport = 8101\n[[rule]]\npaths = ["**/order*.py"]\nreason = "Orders."\n',
    "rules/users.toml": 'name = "users"\nport = 8102\n[[rule]]\npaths = ["**/user*.py"]\nreason = "Users."\n',
    "rules/core.toml": 'name = "core"\nshared = ["main.py", "**/__init__.py"]\n',
    "src/app/__init__.py": "", "src/app/routers/__init__.py": "", "src/app/services/__init__.py": "",
    "src/app/main.py": "from fastapi import FastAPI\n\nfrom app.routers import orders, users\n\napp = FastAPI()\n"
    "app.include_router(orders.router)\napp.include_router(users.router)\n",
    "src/app/routers/orders.py": "from fastapi import APIRouter\n\nfrom app.services import order_book\n\n"
    "router = APIRouter()\n\n\n@router.get('/orders')\ndef listed():\n    return order_book.listed()\n",
    "src/app/routers/users.py": "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get('/users')\n"
    "def users():\n    return []\n",
    "src/app/services/order_book.py": "def listed():\n    return []\n",
    "src/app/services/user_names.py": "def names():\n    return []\n",
}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop of two contexts, in which nothing is wrong."""
    root = tmp_path / "shop"
    write_files(root, SHOP)
    return root


@pytest.fixture
def parted(shop: Path) -> Path:
    """The same, with orders as a service."""
    done = app.extract(app.Options(repo=shop, cache=False), ("orders",))
    assert [] == [problem for problem in done.problems if problem.severity == "error"]
    apply_changes(shop, done.change_set, "extract orders", ("orders",))
    return shop


def found(root: Path, *names: str, day: str = "2026-01-01") -> list[tuple[str, str, int, str]]:
    """Code, place and severity of what checks find."""
    scene = _scene(app.Options(repo=root, cache=False))[1]
    on_day = Scene(scene.tree, datetime.date.fromisoformat(day), scene.template)
    return [(one.problem.code, one.problem.path, one.problem.line, one.problem.severity)
            for one in findings(on_day, names or CHECKS)]  # fmt: skip


def edit(root: Path, path: str, text: str) -> None:
    """Puts a line at the end of a file, which may be a new one."""
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text((place.read_text() if place.exists() else "") + text)


@pytest.mark.parametrize("state", ["shop", "parted"])
def test_nothing_is_found_where_nothing_is_wrong(state: str, request: pytest.FixtureRequest) -> None:
    """Before and after an extraction."""
    assert [] == found(request.getfixturevalue(state))


@pytest.mark.parametrize("line", ["from app.services import user_names", "import app.services.user_names",
                                  "from ..services.user_names import names"])  # fmt: skip
@pytest.mark.parametrize("indent", ["", "def later():\n    "])
def test_an_import_out_of_a_service(parted: Path, line: str, indent: str) -> None:
    """Of what the monolith has: at its line, in a function too; the monolith itself may import the service."""
    path = "apps/orders/src/app/routers/orders.py"
    number = (parted / path).read_text().count("\n") + (2 if indent else 1)
    edit(parted, path, f"{indent}{line}\n")
    edit(parted, "src/app/services/user_names.py", "import app.services.order_book\n")
    assert [("boundary", path, number, "error")] == found(parted, "boundaries")


@pytest.mark.parametrize("home", ["_copied", "_clients"])
def test_what_a_service_carries_is_there(parted: Path, home: str) -> None:
    """A copy, or a client in the module's place."""
    edit(parted, "apps/orders/src/app/routers/orders.py", "from app.services import user_names\n")
    edit(parted, f"apps/orders/src/app/{home}/services/user_names.py", "def names():\n    return []\n")
    assert [] == found(parted, "boundaries")


def test_a_dependency_that_is_denied(shop: Path) -> None:
    """Is one before its context has left."""
    edit(shop, "src/app/services/order_book.py", "from app.services import user_names\n")
    rule = '[[dependency]]\npaths = ["services/user_names.py"]\npolicy = "deny"\nreason = "No."\n'
    edit(shop, "rules/orders.toml", rule)
    assert [("denied", "src/app/services/order_book.py", 3, "error")] == found(shop, "boundaries")


def test_a_name_that_nothing_has(shop: Path) -> None:
    """May not be called again: a rule that says so is misspelt."""
    rule = '[[dependency]]\npaths = ["services/user_names.py"]\npolicy = "client"\nreason = "Asked."\n' \
        'idempotent = ["{}"]\n'  # fmt: skip
    edit(shop, "rules/orders.toml", rule.format("names"))
    assert [] == found(shop, "rules")
    edit(shop, "rules/orders.toml", rule.format("nmaes").replace("user_names", "user_na*"))
    edit(shop, "src/app/services/user_nails.py", "def nails():\n    return []\n")
    assert [("not-called", "rules/orders.toml", 11, "warning")] == found(shop, "rules")


def test_sizes(shop: Path) -> None:
    """A file over its limit, and a service over its target or limit: at its rule file while it has no folder."""
    edit(shop, "src/app/services/order_book.py", "# line\n" * 31)
    assert [("service-over-target", "rules/orders.toml", 0, "warning"),
            ("file-over-limit", "src/app/services/order_book.py", 0, "error")] == found(shop, "limits")  # fmt: skip
    edit(shop, "apps/orders/README.md", "# Orders\n")
    assert ("service-over-target", "apps/orders", 0, "warning") in found(shop, "limits")
    edit(shop, "src/app/services/order_book.py", "# line\n" * 30)
    assert "service-over-limit" in [code for code, *_ in found(shop, "limits")]


def test_a_contract(parted: Path) -> None:
    """What is promised and not served, what is served and not promised, and what is no document."""
    path = "apps/orders/openapi.json"
    edit(parted, path, json.dumps({"paths": {"/orders": {"get": {}, "parameters": []}}}))
    assert [] == found(parted, "contract")
    (parted / path).write_text(json.dumps({"paths": {"/orders": {"post": {}}}}))
    assert [("operation-lost", path, 0, "error"),
            ("operation-gained", "apps/orders/src/app/routers/orders.py", 8, "warning")] == found(parted, "contract")
    (parted / path).write_text("[]")
    assert [("contract-unread", path, 0, "error")] == found(parted, "contract")


def test_a_route_that_no_document_describes(parted: Path) -> None:
    """Is not missed in a contract: of two routes with one method and path a document has the last one, another's."""
    edit(parted, "apps/orders/openapi.json", json.dumps({"paths": {}}))
    assert ["operation-gained"] == [code for code, *_ in found(parted, "contract")]
    edit(parted, "src/app/routers/users.py", "\n\n@router.get('/orders')\ndef orders():\n    return []\n")
    assert [] == found(parted, "contract")


def test_a_model_that_is_not_as_promised(parted: Path) -> None:
    """Told once at its field, or at the model where the field is gone: an error where who calls it is broken.

    What the baseline has is known; what is not understood is passed over.
    """
    router, path = parted / "apps/orders/src/app/routers/orders.py", parted / "apps/orders/openapi.json"
    router.write_text("from fastapi import APIRouter\nfrom pydantic import BaseModel\n\nrouter = APIRouter()\n\n\n"
                      "class Order(BaseModel):\n    id: str\n    price: int\n\n\n"
                      "@router.get('/orders')\ndef listed() -> list[Order]:\n    return []\n\n\n"
                      "@router.get('/orders/{id}')\ndef one(id: str) -> Order:\n    return Order()\n")  # fmt: skip
    fields = {"id": {"type": "string"}, "price": {"type": "integer"}}
    order = {"type": "object", "properties": fields, "required": ["id", "price"]}

    def answers(schema: object) -> dict[str, object]:
        content = {"application/json": {"schema": schema}}
        return {"get": {"responses": {"200": {"content": content}, "422": {"description": "no"}}}}

    one = {"$ref": "#/components/schemas/Order"}
    path.write_text(json.dumps({"openapi": "3.1.0", "components": {"schemas": {"Order": order}}, "paths": {
        "/orders": answers({"type": "array", "items": one}), "/orders/{id}": answers(one)}}))  # fmt: skip
    assert [] == found(parted, "contract")
    place, text = "apps/orders/src/app/routers/orders.py", router.read_text()
    router.write_text(text.replace("price: int", "price: float | None = None"))
    assert {("contract-changed", place, 9, "error")} == set(found(parted, "contract"))
    assert 0 == invoke("check", "contract", "--update-baseline", repo=parted)[0]
    assert 0 == invoke("check", "contract", repo=parted)[0]
    router.write_text(text.replace("    price: int\n", ""))
    assert [("contract-changed", place, 7, "error")] == found(parted, "contract")
    code, told, problems = invoke("check", "contract", repo=parted)
    assert 1 == code
    assert "GET /orders and 1 more: response 200[].price is gone, unlike in apps/orders/openapi.json" in told + problems
    router.write_text(text.replace("    price: int\n", "    price: int\n    note: str = ''\n"))
    assert [("contract-changed", place, 10, "warning")] == found(parted, "contract")


def test_rules(shop: Path) -> None:
    """One that matches nothing, two that contradict each other, and a file that none claims."""
    edit(shop, "rules/orders.toml", '[[rule]]\npaths = ["gone.py"]\nreason = "Gone."\n')
    edit(shop, "rules/users.toml", '[[rule]]\npaths = ["services/order_*.py"]\nreason = "Ours."\n')
    edit(shop, "src/app/services/clock.py", "def now(): ...\n")
    assert [("rule-matches-nothing", "rules/orders.toml", 6, "error"),
            ("unassigned", "src/app/services/clock.py", 0, "error"),
            ("rule-conflict", "src/app/services/order_book.py", 0, "error"),
            ("unassigned", "src/app/services/order_book.py", 0, "error")] == found(shop, "rules")  # fmt: skip


def test_references(shop: Path) -> None:
    """One that leads nowhere is an error; one that only running it would tell is not."""
    path = "src/app/services/user_names.py"
    edit(shop, path, "import importlib\n\nfrom app.services.gone import name\n\nimportlib.import_module(names()[0])\n")
    assert [("unresolved", path, 5, "error"), ("unresolved", path, 7, "warning")] == found(shop, "references")


def test_aliases(shop: Path) -> None:
    """One stays as long as it says."""
    pair = ("app.services.user_names", "app.services.user_list")
    moved = app.move(app.Options(repo=shop, cache=False), (pair,), alias=True, repair=False)
    apply_changes(shop, moved.change_set, "move", ())
    path = "src/app/services/user_names.py"
    day = (shop / path).read_text().partition("expires ")[2].split()[0]
    before = (datetime.date.fromisoformat(day) - datetime.timedelta(days=1)).isoformat()
    assert ([], [("alias-expired", path, 0, "error")]) == tuple(found(shop, "aliases", day=at) for at in (before, day))


@pytest.fixture
def linted(shop: Path) -> Iterator[Path]:
    """The shop with an import from one context to the other, and the configuration of import-linter for it."""
    edit(shop, "src/app/services/order_book.py", "from app.services import user_names\n")
    code, told, _ = invoke("check", "--format", "import-linter", repo=shop)
    assert 0 == code
    (shop / ".importlinter").write_text(told)
    yield shop


def lint(root: Path) -> int:
    """The exit code of import-linter."""
    words = [Path(sys.executable).parent / "lint-imports", "--config", ".importlinter", "--no-cache"]
    return subprocess.run(words, cwd=root, env={"PYTHONPATH": str(root / "src")}, capture_output=True).returncode


def test_import_linter_keeps_the_boundaries(linted: Path) -> None:
    """It takes what there is, and nothing new."""
    read = configparser.ConfigParser()
    read.read(linted / ".importlinter")
    section = read["importlinter:contract:orders"]
    assert "app.services.order_book -> app.services.user_names" == section["ignore_imports"].strip()
    assert 0 == lint(linted)
    edit(linted, "src/app/services/user_names.py", "def later():\n    import app.services.order_book\n")
    assert 1 == lint(linted)


def test_import_linter_is_told_what_it_does_not_see(parted: Path) -> None:
    """That contexts have left, which are found by `__path__`: in a comment."""
    told = invoke("check", "--format", "import-linter", repo=parted)[1]
    assert "# What has left (orders) is found through __path__," in told.splitlines()[0]


def test_the_command(shop: Path) -> None:
    """Errors fail it until the baseline has them; the baseline then only loses entries."""
    large = "src/app/services/order_book.py"
    edit(shop, large, "# line\n" * 31)
    assert 1 == invoke("check", repo=shop)[0]
    assert 0 == invoke("check", "rules", repo=shop)[0]
    assert 0 == invoke("check", "--update-baseline", repo=shop)[0]
    code, told, _ = invoke("check", repo=shop)
    assert (0, True) == (code, "limits: 1 warning, 1 known" in told)
    edit(shop, large, "# line\n")
    code, told, _ = invoke("check", repo=shop)
    lines = (shop / large).read_bytes().count(b"\n")
    assert (1, True) == (code, f"the baseline knows {lines - 1}, and now it is {lines}" in told)
    code, told, errors = invoke("check", "--update-baseline", repo=shop)
    assert (0, "nothing to do\n") == (code, told)
    assert f"{large}: warning: has {lines} lines" in errors and "an error stays that it does not know" in errors
    shutil.copy(shop / "src/app/services/user_names.py", shop / large)
    code, told, _ = invoke("check", repo=shop)
    assert (0, True) == (code, "--update-baseline takes them out" in told)
    assert 0 == invoke("check", "--update-baseline", repo=shop)[0]
    assert [] == json.loads((shop / "decompose-baseline.json").read_text())["known"]
    assert (2, 2) == (invoke("check", "nonsense", repo=shop)[0], invoke("check", "--baseline", "gone", repo=shop)[0])
