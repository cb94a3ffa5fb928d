"""The certificate of a small extraction holds, and each way of breaking it makes a check fail that says where."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from decomposer.model.certificate import FAILS, HOLDS, NOT_CHECKED
from decomposer.shell import certificates
from decomposer.shell.probing import probe, running
from decomposer.verifying.places import Places
from tests.verifying.conftest import CONFIG, WISH, Mutate, Shop, places
from tests.verifying.shop import CATALOG, ORDERS, SOURCE

ROUTER, MAIN = f"{CATALOG}/src/app/routers/catalog.py", f"{CATALOG}/src/app/main.py"
ORDERS_ROUTER = f"{ORDERS}/src/app/routers/orders.py"

APPS = "__file__.split('/catalog/')[0]"


def test_everything_holds(shop: Shop) -> None:
    """Every certificate of the hand-made extraction holds, wheels in an empty environment included."""
    states = {c.subject: {check.name: check.state for check in c.checks} for c in shop.certificates}
    assert ["core", "catalog", "orders"] == list(states)
    assert [] == [(c.subject, check) for c in shop.certificates for check in c.checks if check.state == FAILS]
    unchecked = {"monolith-tasks", "tests", "patch", "rollback", "unchanged"}
    assert unchecked == {name for name, state in states["core"].items() if state == NOT_CHECKED}
    assert {*unchecked, "tasks"} == {name for name, state in states["orders"].items() if state == NOT_CHECKED}
    assert HOLDS == states["orders"]["deployable"] == states["catalog"]["declared"]
    shadowed = next(c for c in shop.certificates[2].checks if c.name == "one-owner").evidence
    assert "GET /v1/catalog/search: its own route never answered, as in the monolith; it is catalog's" in shadowed


MUTANTS = {
    "a route dropped": (
        "catalog", {ROUTER: ('@router.post("/items")\n', "")}, "nothing-lost", "POST /v1/catalog/items is not served",
    ),
    "a prefix changed": ("catalog", {MAIN: ("'/v1'", "'/v2'")}, "nothing-gained", "GET /v2/catalog/search"),
    "a middleware lost": (
        "catalog", {MAIN: ("app.add_middleware(GZipMiddleware, minimum_size=500)", "")}, "middleware", "lost: GZip",
    ),
    "a handler of errors lost": (
        "catalog", {MAIN: ("app.add_exception_handler(ShopError, handle_shop_error)", "")}, "exception-handlers",
        "ShopError: nothing instead of handle_shop_error",
    ),
    "a lifespan lost": ("catalog", {MAIN: (", lifespan=shop_hours", "")}, "start", "lost: lifespan shop_hours"),
    "a dependency dropped": (
        "catalog", {ROUTER: (", dependencies=[Depends(current_user)]", "")}, "dependencies",
        "GET /v1/catalog/search lost deps:current_user",
    ),
    "a table renamed": ("orders", {ORDERS_ROUTER: ('"order_lines"', '"lines"')}, "tables", "lines: there was no such"),
    "a foreign key to nowhere": (
        "orders", {ORDERS_ROUTER: ('ForeignKey("orders.id")', 'ForeignKey("others.id")')}, "tables", "others",
    ),
    "a handler replaced": (
        "catalog", {ROUTER: ("    return Item(name=name)\n", "    return Item(name=name.upper())\n")}, "first-answer",
        "GET /v1/catalog/items/{name} is answered by catalog:item, whose code is another now",
    ),
    "a response changed": ("catalog", {ROUTER: ('parts: list["Item"] = []', "parts: list[str] = []")},
                           "same-operations", "/properties/parts"),
    "another order": (
        "catalog", {MAIN: ("\n\n\n@app.get", "\nfrom fastapi.routing import APIRoute\n"
                           "from app.routers.catalog import every_item\n"
                           "app.router.routes.insert(4, APIRoute('/v1/catalog/items/all', every_item))\n\n\n@app.get")},
        "first-answer", "is tried before GET /v1/catalog/items/{name}, which it was not",
    ),
    "two owners": (
        "orders", {
            ORDERS_ROUTER: ("", "\n\n@router.get('/catalog/items/{name}')\ndef item(name: str) -> None: ...\n")},
        "one-owner", "GET /v1/catalog/items/{name} is answered by catalog too",
    ),
    "an import that fails": (
        "catalog", {f"{CATALOG}/src/app/lone.py": ("", "import app.nowhere\n")}, "imports-alone",
        f"{CATALOG}/src/app/lone.py:1: ModuleNotFoundError: No module named 'app.nowhere'",
    ),
    "an exit at import": (
        "catalog", {f"{CATALOG}/src/app/lone.py": ("", "import sys\n\nsys.exit(3)\n")}, "imports-alone",
        f"{CATALOG}/src/app/lone.py:3: SystemExit: 3",
    ),
    "the monolith loaded": (
        "catalog", {ROUTER: ("from pydantic", f"import sys\nsys.path.append({APPS} + '/shop-api')\n"
                                              "import src.app.errors\nfrom pydantic")},
        "own-modules", f"src.app.errors is loaded from the monolith ({SOURCE}/errors.py), imported at {ROUTER}",
    ),
    "another service loaded": (
        "catalog", {ROUTER: ("from pydantic", f"import app.routers\napp.routers.__path__.append({APPS} + '/orders/src/"
                                              "app/routers')\nimport app.routers.orders\nfrom pydantic")},
        "own-modules", "app.routers.orders is loaded from orders",
    ),
    "a lost module of the monolith": (
        "monolith", {f"{SOURCE}/errors.py": ("from shop_core.errors import *", "raise RuntimeError('gone')")},
        "monolith-names", f"{SOURCE}/errors.py:1: RuntimeError: gone (importing app.errors)",
    ),
    "a lost router of the monolith": (
        "monolith", {f"{SOURCE}/main.py": ("app.include_router(orders, prefix='/v1')", "")}, "monolith-openapi",
        "GET /v1/orders/{number}: (absent)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
@pytest.mark.proof
def test_a_mutant_fails(mutant: Mutate, name: str) -> None:
    """What was broken is named by the check that is about it, with the place."""
    context, edits, check, evidence = MUTANTS[name]
    found = mutant(context, edits)[check]
    assert FAILS == found.state
    assert any(evidence in line for line in found.evidence), found.evidence


def test_a_hang_is_ended(mutant: Mutate) -> None:
    """A module that sleeps is stopped when its time is over, with everything it has started, and named."""
    script = "import subprocess\nimport time\n\nsubprocess.Popen(['sleep', '600'])\ntime.sleep(600)\n"
    found = mutant("catalog", {f"{CATALOG}/src/app/lone.py": ("", script)}, timeout=2)["imports-alone"]
    assert ("took longer than 2 seconds while importing app.lone", FAILS) == (
        found.evidence[0].partition(":")[0], found.state,
    )  # fmt: skip


def test_undeclared_distributions(mutant: Mutate) -> None:
    """What a library has loaded is refused all the same; imports inside functions count, optional ones do not."""
    found = mutant("core", {"apps/shop-core/src/shop_core/deps.py": ("import app_settings\n", (
        "import app_settings\ntry:\n    import networkx\nexcept ImportError:\n    networkx = None\n\n\n"
        "def later() -> None:\n    import httpx\n"
    )), "apps/shop-core/src/shop_core/more.py": ("", "import fastapi\nimport sqlalchemy\n")}, wheel=True)  # fmt: skip
    assert [FAILS, FAILS, HOLDS] == [found[name].state for name in ("deployable", "declared", "wheel")]
    assert "shop_core/more.py:2: ModuleNotFoundError: No module named 'sqlalchemy'" in found["deployable"].evidence[0]
    assert (
        "apps/shop-core/src/shop_core/deps.py:9: imports httpx, which no requirement provides",
        "apps/shop-core/src/shop_core/more.py:2: imports sqlalchemy, which no requirement provides",
        "apps/shop-core/src/shop_core/deps.py:3: does without networkx, which no requirement provides",
    ) == found["declared"].evidence


@pytest.mark.parametrize(("name", "state", "told"), [
    ("ruamel", FAILS, r"no distribution of that name is installed here; what is imported by it is ruamel-yaml's"),
    ("cryptodome", HOLDS, r"no distribution of that name is installed here: whether it is the right one is not known"),
])
def test_a_requirement_that_nothing_installed_meets(mutant: Mutate, name: str, state: str, told: str) -> None:
    """It is wrong where another distribution has what is imported by that name, whatever brings the modules along."""
    asked = {"apps/shop-core/pyproject.toml": ("fastapi", f'fastapi", "shop-settings", "{name}')}
    found = mutant("core", asked, True, built={"app_settings": "shop-settings"})
    assert state == found["declared"].state
    lines = [line for check in ("declared", "wheel") for line in found[check].evidence]
    assert any(re.match(rf"apps/shop-core/pyproject\.toml(:\d+)?: {name}: {told}", line) for line in lines), lines


def test_the_baseline_knows_distributions(shop: Shop) -> None:
    """Those of all that its interpreter has."""
    assert ("fastapi",) == shop.before.probe.providers["fastapi"]
    assert ("ruamel-yaml",) == shop.before.probe.providers["ruamel"]


@pytest.mark.parametrize(("declared", "state"), [("fastapi", FAILS), ('fastapi", "Shop_Settings', HOLDS)])
def test_packages_of_the_repository_are_declared(mutant: Mutate, declared: str, state: str) -> None:
    """One that a project of the repository builds has to be required by that project's name."""
    found = mutant("core", {"apps/shop-core/pyproject.toml": ("fastapi", declared)}, True,
                   built={"app_settings": "shop-settings"})  # fmt: skip
    assert [state] * 2 == [found[name].state for name in ("deployable", "declared")]


def test_the_environment_is_not_told(shop: Shop, tmp_path: Path) -> None:
    """Values of variables do not appear in what is reported, and nothing is inherited but a few names."""
    (tmp_path / "src/lone").mkdir(parents=True)
    (tmp_path / "src/lone/__init__.py").write_text(
        "import os\nraise ValueError(os.environ['TOKEN'] + ' ' + str(os.environ.get('DECOMPOSE_CACHE_DIR')))\n"
    )
    with running(tmp_path, WISH.python, WISH.environment, 60) as told:
        target = Places(str(tmp_path), CONFIG, (), {}).monolith(False)
        lone = type(target)((str(tmp_path / "src"),), "", ("lone",))
        found = probe(told, lone, "lone")
    assert (("lone", "ValueError: <TOKEN> None", "src/lone/__init__.py:2"),) == found.imports
    assert [] == list((tmp_path / ".decompose/tmp").iterdir())


def test_certificates_go_stale(shop: Shop, tmp_path: Path) -> None:
    """A kept certificate is current as long as no file that it speaks of is touched."""
    certificate, root = shop.certificates[1], tmp_path / "copy"
    shutil.copytree(shop.root, root)
    certificates.write(root, certificate, "# catalog\n")
    assert certificate == certificates.read(root, "catalog")
    assert certificates.is_current(root, CONFIG, "catalog")
    assert not certificates.is_current(root, CONFIG, "orders")
    text = (root / MAIN).read_text()
    (root / MAIN).write_text(text + "\n")
    assert not certificates.is_current(root, CONFIG, "catalog")
    (root / MAIN).write_text(text)
    assert certificates.is_current(root, CONFIG, "catalog")
    known = ("apps/catalog", "apps/orders", "apps/shop-api/src/app", "apps/shop-api/src/shop_core", "apps/shop-core")
    assert known == places(root).folders()
