"""A file in a service that has the name of another context's module is not taken for it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from decomposer import app
from decomposer.shell.apply import apply_changes
from tests.cli.test_commands import invoke
from tests.conftest import write_files
from tests.gating.test_checks import SHOP

STRAY = "apps/orders/src/app/services/user_names.py"
OLD = "def names():\n    return ['of long ago']\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop of two contexts without limits that matter."""
    write_files(tmp_path, {**SHOP, "decompose.toml": SHOP["decompose.toml"].partition("[limits]")[0]})
    return tmp_path


def extract(root: Path, *names: str) -> list[tuple[str, str]]:
    """Takes contexts out, where nothing is in the way; code and path of each problem that is an error."""
    for name in names:
        done = app.extract(app.Options(repo=root, cache=False), (name,))
        errors = [(one.code, one.path) for one in done.problems if one.severity == "error"]
        if errors:
            return errors
        apply_changes(root, done.change_set, f"extract {name}", (name,))
    return []


def test_what_is_left_of_an_earlier_attempt_goes(shop: Path) -> None:
    """A copy of another context's module in the folder of a service that is not one yet: taken out, and told."""
    write_files(shop, {STRAY: OLD, STRAY.replace("user_names", "order_hints"): "HINTS = 1\n"})
    done = app.extract(app.Options(repo=shop, cache=False), ("orders",))
    assert [("there-already", "apps/orders"), ("replaced", STRAY)] == [
        (one.code, one.path) for one in done.problems if one.path.startswith("apps/orders")]  # fmt: skip
    assert [STRAY] == [one.path for one in done.change_set.changes if one.after is None and "apps/orders" in one.path]
    assert [] == extract(shop, "orders", "users")


def test_what_would_be_found_in_a_modules_place_stops_its_extraction(shop: Path) -> None:
    """A file that came into the folder of a service since: told with its path, and nothing is written."""
    assert [] == extract(shop, "orders")
    write_files(shop, {STRAY: OLD})
    assert [("hides", STRAY)] == extract(shop, "users")
    (shop / STRAY).unlink()
    assert [] == extract(shop, "users")


def test_what_is_looked_into_later_is_in_nobodys_way(shop: Path) -> None:
    """The same in a folder that comes after the module's own."""
    assert [] == extract(shop, "users")
    write_files(shop, {"apps/users/src/app/services/order_book.py": OLD})
    assert [] == extract(shop, "orders")


@pytest.mark.proof
def test_a_certificate_knows_what_was_moved_where(shop: Path) -> None:
    """Something else under a module's name is told, though it can be imported."""
    assert 0 == invoke("verify", "--baseline", "--python", sys.executable, repo=shop)[0]
    assert [] == extract(shop, "orders", "users")
    write_files(shop, {STRAY: OLD})
    code, told, _ = invoke("verify", repo=shop)
    assert 1 == code
    assert f"app.services.user_names is {STRAY}, and has gone to apps/users/src/app/services/user_names.py" in told
