"""Misspelt names: one message for a context that there is not, with what was meant, whatever is asked of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from decomposer.model.counting import counted
from decomposer.model.near import did_you_mean, near
from tests.cli.test_commands import SHOP, Write, invoke
from tests.conftest import write_files


@pytest.mark.parametrize(("name", "known", "found"), [
    ("paymnt", ["core", "payment", "wallet"], ["payment"]), ("Payment", ["payment"], ["payment"]),
    ("nope", ["core", "orders"], []), ("order", ["orders", "order-desk"], ["orders"]), ("x", [], []),
])  # fmt: skip
def test_only_what_is_near_is_suggested(name: str, known: list[str], found: list[str]) -> None:
    """Two letters that are the same are no reason to think of a name."""
    assert found == near(name, known)
    assert did_you_mean(name, known, "no") == (f"did you mean `{found[0]}`?" if found else "no")


@pytest.mark.parametrize("command", [
    "route {} --to service", "route {}", "smoke {}", "up {}", "verify {}", "cutover {}", "limits {}", "data {}",
    "extract {}", "scaffold nginx {}",
])  # fmt: skip
def test_a_context_that_there_is_not_is_told_alike_by_all(repository: Write, command: str) -> None:
    """Before anything has left, too; what is not like any is not guessed at."""
    root = repository({**SHOP, "contexts/core.toml": 'name = "core"\nshared = ["*.py", "orders/__init__.py"]\n'})
    code, told, errors = invoke(*command.format("ordrs").split(), repo=root)
    assert (2, "") == (code, told)
    assert "ordrs: error: no rule file defines the context `ordrs` [no-context] (did you mean `orders`? known" in errors
    code, _, errors = invoke(*command.format("nope").split(), repo=root)
    assert 2 == code and "[no-context] (known contexts: " in errors


def test_what_cannot_be_pruned_is_told_before_it_was_shown(repository: Write) -> None:
    """There is no such module: that it has not been shown would send somebody to see it."""
    code, told, errors = invoke("prune", "shop.nope", repo=repository(SHOP))
    assert (2, "") == (code, told) and "shop.nope: error: there is no such module, function or class" in errors


@pytest.mark.parametrize(("command", "meant"), [
    ("check limts", "`limits`"), ("finish pahts", "`paths`"), ("explain ordrs", "orders"),
    ("split shop/orders/rutes.py --plan", "shop.orders.routes"),
    ("split shop/x/routes.py --plan", "shop.orders.routes"),
])  # fmt: skip
def test_what_may_have_been_meant_is_named(repository: Write, command: str, meant: str) -> None:
    """Of checks, steps, modules and contexts alike."""
    code, _, errors = invoke(*command.split(), repo=repository(SHOP))
    assert 2 == code and f"did you mean {meant}" in errors


@pytest.mark.parametrize("command", ["rollback", "rollback 7", "rollback orders", "move a b", "route a --to service"])
def test_what_fails_where_nothing_was_changed_leaves_nothing(tmp_path: Path, command: str) -> None:
    """No folder is made only to lock it."""
    assert 2 == invoke(*command.split(), repo=tmp_path)[0]
    assert [] == [*tmp_path.iterdir()]


def test_one_is_not_many(tmp_path: Path) -> None:
    """What is counted is one thing or several."""
    write_files(tmp_path, {**SHOP, "contexts/core.toml": 'name = "core"\nshared = ["*.py", "orders/__init__.py"]\n'})
    assert ("1 file", "0 files", "1,234 files") == (counted(1, "file"), counted(0, "file"), counted(1234, "file"))
    assert "1 file (" in invoke("extract", "orders", repo=tmp_path)[1]
    started = tmp_path / "started"
    write_files(started, {path: text for path, text in SHOP.items() if path.startswith("shop/")})
    assert 0 == invoke("init", repo=started)[0]
    told = "".join(path.read_text() for path in (started / "decompose-rules").glob("*.toml"))
    assert "1 route of 1 router file" in told
