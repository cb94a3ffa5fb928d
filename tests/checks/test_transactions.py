"""The tables that a route comes to, and what that makes of a placement's figures."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from decomposer.app import Options, analysis, analyze
from decomposer.checks.quality_figures import calls_of
from decomposer.checks.transactions import touched_tables
from decomposer.model.problems import DecomposerError
from tests.cli.test_commands import invoke

FILES = {
    "decompose.toml": 'source = "."\npackage = "shop"\nentry = ["shop.main:app"]\nrules = "rules"\n',
    "rules/sales.toml": 'name = "sales"\n[[rule]]\npaths = ["orders.py", "tables/order.py"]\nreason = "Orders."\n',
    "rules/stock.toml": 'name = "stock"\n[[rule]]\npaths = ["goods.py", "tables/good.py"]\nreason = "Goods."\n',
    "shop/__init__.py": "",
    "shop/tables/__init__.py": "",
    "shop/tables/order.py": "from sqlmodel import SQLModel\nfrom .good import Good\n\n\n"
                            'class Order(SQLModel, table=True):\n    __tablename__ = "orders"\n    good = Good\n',
    "shop/tables/good.py": "from sqlmodel import SQLModel\n\n\n"
                           'class Good(SQLModel, table=True):\n    __tablename__ = "goods"\n',
    "shop/goods.py": "from .tables.good import Good\n\n\ndef take():\n    return Good()\n",
    "shop/orders.py": "from fastapi import APIRouter, Depends\n\nfrom .goods import take\n"
                      "from .tables.order import Order\n\nrouter = APIRouter()\n\n\n"
                      "def helper():\n    return Order()\n\n\n"
                      '@router.get("/orders")\ndef read():\n    return helper()\n\n\n'
                      '@router.post("/orders")\ndef write(good=Depends(take)):\n    return helper(), take()\n\n\n'
                      '@router.get("/prices")\ndef prices():\n    return []\n',
    "shop/main.py": "from fastapi import FastAPI\n\nfrom .orders import router\n\napp = FastAPI()\n"
                    "app.include_router(router)\n",
}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop whose orders take goods out of another context's stock."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / ".git").mkdir()
    return tmp_path


def test_a_route_comes_to_what_its_handler_uses(shop: Path) -> None:
    """Through functions of its own module and of others; what a table's class refers to does not count."""
    found = analysis(Options(repo=shop, cache=False))
    routes = [route for route in found.graph.routes if route.module == "shop.orders"]
    touched = touched_tables(found.graph, found.repository.python, routes)
    assert {("GET", "/orders"): ("orders",), ("POST", "/orders"): ("goods", "orders"), ("GET", "/prices"): ()} == {
        (route.method, route.path): tables for route, tables in touched
    }


def test_including_a_router_is_no_call(shop: Path) -> None:
    """Dependencies and uses are calls; what the entry includes is not."""
    calls = calls_of(analysis(Options(repo=shop, cache=False)).graph)
    orders, goods, tables = "shop/orders.py", "shop/goods.py", "shop/tables"
    assert {(orders, goods), (orders, f"{tables}/order.py"), (goods, f"{tables}/good.py"),
            (f"{tables}/order.py", f"{tables}/good.py")} == set(calls)  # fmt: skip


def test_analyze_tells_the_figures(shop: Path) -> None:
    """One of the two routes with tables has them in two contexts, half and half."""
    told = analyze(Options(repo=shop, cache=False)).value["quality"]
    assert (2, 2, 1) == (told["services"], told["transactions"], told["shared_transactions"])
    assert told["transaction_entropy"] == pytest.approx(math.log(2) / 2, abs=1e-4)
    assert 1.0 == told["outside_band"]


@pytest.mark.parametrize("name", ["given.toml", "given.json"])
def test_a_placement_is_compared(shop: Path, tmp_path: Path, name: str) -> None:
    """TOML and JSON, with paths of the repository or of the package."""
    given = {"goods.py": "sales", "shop/orders.py": "sales", "tables/good.py": "stock", "gone.py": "stock"}
    text = json.dumps(given) if name.endswith("json") else "".join(f'"{k}" = "{v}"\n' for k, v in given.items())
    (tmp_path / name).write_text(text)
    told = analyze(Options(repo=shop, cache=False), tmp_path / name).value["against"]
    assert (3, ["gone.py"]) == (told["files"], told["unknown"])
    assert [{"path": "shop/goods.py", "context": "stock", "against": "sales"}] == told["others"]


@pytest.mark.parametrize(("name", "text"), [("given.json", "[1]"), ("given.json", "{"), ("given.toml", "a = 1"),
                                            ("given.toml", "a = ["), ("missing.toml", None)])  # fmt: skip
def test_what_is_no_placement_is_told(shop: Path, name: str, text: str | None) -> None:
    """A broken file, another kind of file, and none."""
    if text is not None:
        (shop / name).write_text(text)
    with pytest.raises(DecomposerError):
        analyze(Options(repo=shop, cache=False), shop / name)


def test_figures_of_earlier_analyses_stand_beside_those_of_now(shop: Path, tmp_path: Path) -> None:
    """In the order given, with what is better or worse than at first."""
    now = analyze(Options(repo=shop, cache=False)).value
    for name, cohesion in (("may", 0.9), ("june", 0.1)):
        (tmp_path / f"{name}.json").write_text(json.dumps({"quality": {**now["quality"], "cohesion": cohesion}}))
    words = ["analyze", "--since", str(tmp_path / "may.json"), "--since", str(tmp_path / "june.json")]
    told = invoke(*words, repo=shop)[1].splitlines()
    assert ["figure", "may", "june", "now", "since", "may"] == told[told.index("Quality over time") + 2].split()
    assert ["cohesion", "0.900", "0.100", "0.250", "worse"] in [line.split() for line in told]
    assert ["coupling", *[f"{now['quality']['coupling']:.3f}"] * 3, "-"] in [line.split() for line in told]


@pytest.mark.parametrize("text", ["", "[]", '{"quality": {}}', '{"quality": {"cohesion": "much"}}', None])
def test_what_is_no_earlier_analysis_is_told(shop: Path, tmp_path: Path, text: str | None) -> None:
    """Something else, and no file."""
    if text is not None:
        (tmp_path / "may.json").write_text(text)
    with pytest.raises(DecomposerError):
        analyze(Options(repo=shop, cache=False), None, [tmp_path / "may.json"])
