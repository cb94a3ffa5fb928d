"""What a monolith is compared with when a context was cut over."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from decomposer.model.certificate import Check
from decomposer.model.probes import Tests, Unresolved
from decomposer.rewrite.package_path import without_folders
from decomposer.shell.probing import probe, running
from decomposer.verifying.assembling import answers_of, shared_checks
from decomposer.verifying.departed import Departed, compared_tests, cut_over_check, departed, references
from tests.conftest import write_files
from tests.verifying.conftest import OWNERS, WISH, Shop, places
from tests.verifying.shop import SOURCE, _main


def cut(shop: Shop, root: Path, files: Mapping[str, str]) -> None:
    """Writes the shop with `catalog` cut over by hand, and some files besides."""
    shutil.copytree(shop.root, root)
    barrel = root / SOURCE / "routers/__init__.py"
    barrel.write_bytes(without_folders(barrel.read_bytes(), ["../../../../catalog/src/app/routers"]))
    write_files(root, {f"{SOURCE}/main.py": _main("shop", "shop_core", "orders"), **files})


def checks(shop: Shop, root: Path, files: Mapping[str, str] = {}, service: str = "") -> dict[str, Check]:
    """The checks of the whole after the cut-over; `service` is code that goes from the catalog's."""
    cut(shop, root, files)
    where, seen = places(root), shop.seen
    with running(root, WISH.python, WISH.environment, 60) as told:
        seen = replace(seen, monolith=probe(told, where.monolith(False), "monolith"))
    if service:
        catalog = seen.services["catalog"]
        routes = tuple(route for route in catalog.routes if route.endpoint != service)
        seen = replace(seen, services={**seen.services, "catalog": replace(catalog, routes=routes)})
    what = departed(where, shop.before, OWNERS, ())
    found = [*shared_checks(shop.before, seen, what, {}),
             cut_over_check(shop.before, OWNERS, what, seen.monolith, answers_of(shop.before, seen))]  # fmt: skip
    return {check.name: check for check in found}


def failed(found: Mapping[str, Check]) -> dict[str, tuple[str, ...]]:
    return {name: check.evidence for name, check in found.items() if check.state == "fails"}


def test_nothing_is_missed_of_what_was_cut_over(shop: Shop, tmp_path: Path) -> None:
    """The tree tells what was; a route of another context that came second answers now, which is as it should be."""
    found = checks(shop, tmp_path / "shop")
    assert {} == failed(found)
    assert "5 operations of catalog" in found["cut-over"].evidence


def test_what_the_monolith_keeps_is_told(shop: Shop, tmp_path: Path) -> None:
    """A router that is still there in another way."""
    router = (shop.root / "apps/catalog/src/app/routers/catalog.py").read_text()
    main = _main("shop", "shop_core", "orders") + "\nfrom app.catalog import router\n"
    main += "\napp.include_router(router, prefix='/v1')\n"
    found = failed(checks(shop, tmp_path / "shop", {f"{SOURCE}/catalog.py": router, f"{SOURCE}/main.py": main}))
    assert any(line.endswith("is still served by the monolith") for line in found["cut-over"])
    assert "monolith-routes" in found


def test_what_nobody_serves_is_told(shop: Shop, tmp_path: Path) -> None:
    """A route of the service that is not there, and one of the monolith that went along by mistake."""
    found = failed(checks(shop, tmp_path / "one", service="add"))
    assert ("POST /v1/catalog/items is served neither by the monolith nor by catalog",) == found["cut-over"][:1]
    found = failed(checks(shop, tmp_path / "two", {f"{SOURCE}/main.py": _main("shop", "shop_core")}))
    assert any("/v1/orders/{number}" in line for line in found["monolith-openapi"])


def test_tests_of_what_is_gone_are_not_compared(shop: Shop, tmp_path: Path) -> None:
    """Files that name a module or a path of the context; of other tests each counts."""
    folder = "apps/shop-api/tests"
    cut(shop, tmp_path / "shop", {
        f"{folder}/test_a.py": "PATH = '/v1/catalog/items'\n",
        f"{folder}/test_b.py": "from app.routers import catalog\n",
        f"{folder}/test_c.py": "import app.main\n", f"{folder}/deep/conftest.py": "import app.routers.catalog\n",
        f"{folder}/deep/test_d.py": "",
    })  # fmt: skip
    outcomes = tuple((f"{folder}/test_{name}.py::test", "passed") for name in "abcd")
    before = replace(shop.before, tests=Tests((folder,), outcomes))
    lost = Unresolved(f"{folder}/test_b.py", 1, "load", ("catalog",), "module `app.routers` has no name `catalog`")
    what = departed(places(tmp_path / "shop"), before, OWNERS, (lost,))
    assert {"test_a.py", "test_b.py", "test_d.py", "conftest.py"} == what.tests
    now = Tests((folder,), tuple((name, "failed") for name, _ in outcomes))
    check = compared_tests(before, [now], what)
    assert ("test_c.py::test: failed, was passed",) == check.evidence[:1] and "3 tests in" in check.evidence[-1]
    other = replace(lost, path=f"{SOURCE}/main.py")
    assert (other,) == references((lost, other), replace(what, named=frozenset({lost})))
    assert frozenset({lost}) == what.named


def test_nothing_is_left_out_where_nothing_was_cut_over(shop: Shop) -> None:
    """Contexts that the monolith finds are not cut over."""
    assert Departed() == departed(places(shop.root), shop.before, OWNERS, ())
