"""The page on a service says what it serves and is made of, how it is run, and how it is taken back."""

from __future__ import annotations

from dataclasses import replace

from decomposer.scaffold.system import Local
from tests.scaffold.systems import MONOLITH, operations, rendered, service, system

SERVED = operations("orders GET /orders/{id}", "stock GET /stock", "orders WEBSOCKET /orders/watch")
ORDERS = service(
    "orders", 8101, tables=("order", "line"), local=(Local("money", "libs/money/src", "shop-money", "libs/money"),),
    modules=("apps/orders/src/app/__init__.py", "apps/orders/src/app/main.py", "apps/orders/src/app/_copied/a.py"),
    copies=("apps/orders/src/app/_copied/a.py",),
)  # fmt: skip


def test_the_page_of_a_service() -> None:
    """Its own routes and modules, copies apart; the commands name it."""
    page = rendered("docs", system([ORDERS, service("stock", 8102)], SERVED), "orders")[0]["docs/services/orders.md"]
    rows = [line for line in page.splitlines() if line.startswith("| ")][1:]
    assert ["| GET | `/orders/{id}` | `routers.orders:answer0` |",
            "| WEBSOCKET | `/orders/watch` | `routers.orders:answer2` |"] == rows  # fmt: skip
    assert ["- `src/app/main.py`", "", "Copies of what belongs to others, until a client takes their place:", "",
            "- `src/app/_copied/a.py`"] == page.split("## Modules\n\n")[1].splitlines()[:5]  # fmt: skip
    assert "## Tables\n\n`order`, `line`\n" in page
    assert "PYTHONPATH=apps/orders/src:apps/shop-core/src:libs/money/src python -m uvicorn app.main:app" in page
    assert "decompose rollback orders" in page


def test_the_page_of_the_core() -> None:
    """It serves nothing: there is nothing to run, and no traffic."""
    files, problems = rendered("docs", system([ORDERS], SERVED), "core")
    page = files["docs/services/shop-core.md"]
    assert [] == problems
    assert not [word for word in ("## Routes", "uvicorn", "decompose route") if word in page]
    assert "decompose rollback core" in page


def test_the_page_names_variables_and_no_values() -> None:
    """Those that the monolith's unit sets, and where the service's own are; a value is none of the page's business."""
    unit = "[Service]\nEnvironment=SHOP_DB=sqlite:////srv/secret.db PYTHONPATH=src\nExecStart=/usr/bin/true\n"
    monolith = replace(MONOLITH, unit="deploy/shop-api.service")
    page = rendered("docs", system([ORDERS], SERVED, {"deploy/shop-api.service": unit}, monolith), "orders")[0]
    told = page["docs/services/orders.md"]
    assert "unit sets `SHOP_DB`; the service's unit takes its own from `/etc/shop/orders.env`." in told
    assert "secret" not in told


def test_the_page_warns_of_packages_that_hide_each_other() -> None:
    """Where services keep the monolith's package name; one that has its own may lie anywhere."""
    own = replace(ORDERS, packages=("orders",), application="orders.main:app")
    pages = [rendered("docs", system([one], SERVED), "orders")[0]["docs/services/orders.md"] for one in (ORDERS, own)]
    assert [True, False] == ["one hides the other" in page for page in pages]


def test_the_page_on_the_whole() -> None:
    """A map with every service, what falls back on the monolith, and whose code is carried; a link to each page."""
    copy = "apps/orders/src/app/_copied/a.py"
    files = {copy: f"# decompose: copy of apps/stock/src/app/a.py, carried until\n# sha256 {'0' * 64}\n"}
    services = [ORDERS, service("stock", 8102, is_cut_over=True)]
    page = rendered("docs", system(services, SERVED, files), "orders")[0]["docs/architecture.md"]
    for line in ('  s1["orders<br/>:8101"]', "  s1 -. falls back on .-> monolith", '  s1 -->|"carries 1 file"| s2',
                 "| [orders](services/orders.md) | all of orders | 8101 | 2 | 2 |  |",
                 "| orders | stock | 1 |"):  # fmt: skip
        assert line in page.splitlines()
    assert "s2 -. falls back" not in page


def test_somebodys_page_on_the_whole_stays() -> None:
    """Then the rendered one lies with the pages of the services."""
    there = {"docs/architecture.md": "# Ours\n"}
    files = rendered("docs", system([ORDERS], SERVED, there), "orders")[0]
    assert {"docs/services/README.md", "docs/services/orders.md"} == set(files)
    assert "[orders](./orders.md)" in files["docs/services/README.md"]
