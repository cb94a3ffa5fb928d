"""Misspelt names: one message for a context that there is not, with what was meant, whatever is asked of it."""

from __future__ import annotations

import pytest

from decomposer.model.near import did_you_mean, near
from tests.cli.test_commands import SHOP, Write, invoke


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
