"""How the rules settle what contexts need of each other; the case `policies` shows what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from decomposer import app

Repository = Callable[[Mapping[str, str | bytes]], Path]

ORDERS = 'name = "orders"\n\n[[rule]]\npaths = ["orders.py"]\nreason = "orders"\n'
BILLING = 'name = "billing"\n\n[[rule]]\npaths = ["bills.py", "tax.py"]\nreason = "billing"\n'
CORE = 'name = "core"\nshared = ["main.py", "__init__.py"]\n'
MAIN = "from fastapi import FastAPI\nfrom . import bills, orders\napp = FastAPI()\n"


def shop(repository: Repository, orders: str = "", core: str = "") -> Path:
    """A monolith in which orders need a module of billing, which needs another; with more in two rule files."""
    return repository({
        "decompose.toml": 'source = "src"\npackage = "app"\nentry = "app.main:app"\nrules = "rules"\n',
        "rules/orders.toml": ORDERS + orders, "rules/billing.toml": BILLING, "rules/core.toml": CORE + core,
        "src/app/__init__.py": "", "src/app/main.py": MAIN,
        "src/app/orders.py": "\nfrom .bills import total\n\ndef place():\n    return total()\n",
        "src/app/bills.py": "from .tax import tax\n\ndef total():\n    return tax()\n",
        "src/app/tax.py": "def tax():\n    return 1\n",
    })  # fmt: skip


def dependency(policy: str, path: str) -> str:
    """A dependency as rule files have it."""
    return f'\n[[dependency]]\npaths = ["{path}"]\npolicy = "{policy}"\nreason = "so be it"\n'


def explained(root: Path, subject: str) -> list[tuple[str, str, str, str]]:
    """How a module's use is settled: context, policy, the place that needs it, and why."""
    found = app.explain(app.Options(repo=root, cache=False), subject).value["settled"]
    return [(one["context"], one["policy"], f"{one['path']}:{one['line']}", one["reason"]) for one in found]


@pytest.mark.parametrize("path", ["bills.py", "tax.py", "*.py"])
def test_what_is_denied_stops_the_extraction(repository: Repository, path: str) -> None:
    """The place that needs it is told, also where only what would be copied needs it, with the rule that forbids it."""
    root = shop(repository, dependency("deny", path))
    told = [p for p in app.extract(app.Options(repo=root, cache=False), ("orders",)).problems if p.severity == "error"]
    places = {"bills.py": ("src/app/orders.py", 2), "tax.py": ("src/app/bills.py", 1)}
    wanted = sorted(places.values()) if path == "*.py" else [places[path]]
    assert wanted == sorted((problem.path, problem.line) for problem in told)
    assert {"denied"} == {problem.code for problem in told}
    assert all("so be it" in problem.message and "rules/orders.toml:7" in problem.hint for problem in told)


def test_the_core_s_own_rules_speak_for_every_context(repository: Repository) -> None:
    """What they share goes to the core for whoever needs it; a context's own rule goes before them."""
    root = shop(repository, core=dependency("share", "tax.py"))
    assert [("orders", "share", "src/app/bills.py:1", "so be it")] == explained(root, "app.tax")
    changed = app.extract(app.Options(repo=root, cache=False), ("core",)).change_set.paths()
    assert any(path.endswith("_core/tax.py") for path in changed)
    root = shop(repository, dependency("copy", "tax.py"), dependency("share", "tax.py"))
    assert [("orders", "copy", "src/app/bills.py:1", "so be it")] == explained(root, "app.tax")
    assert () == app.extract(app.Options(repo=root, cache=False), ("core",)).change_set.paths()


def test_a_file_that_is_named_goes_before_a_pattern(repository: Repository) -> None:
    """Of two rules of one context the one that writes the path out is meant."""
    root = shop(repository, dependency("deny", "*.py") + dependency("copy", "bills.py") + dependency("copy", "tax.py"))
    planned = app.extract(app.Options(repo=root, cache=False), ("orders",))
    assert [] == [problem.render() for problem in planned.problems if problem.severity == "error"]


def test_a_default_is_explained(repository: Repository) -> None:
    """Where no rule says anything, what happens and why is told all the same."""
    found = explained(shop(repository), "app.bills")
    assert [("orders", "copy", "src/app/orders.py:2")] == [one[:3] for one in found]
    assert "until a client replaces it" in found[0][3]


def test_a_dependency_on_nothing_is_told(repository: Repository) -> None:
    """A pattern that matches no file is a warning with its place."""
    root = shop(repository, dependency("copy", "nowhere.py"))
    told = app.analysis(app.Options(repo=root, cache=False)).problems
    assert [("rules/orders.toml", 7, "rule-matches-nothing")] == [(p.path, p.line, p.code) for p in told]
