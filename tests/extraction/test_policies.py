"""How the rules settle what contexts need of each other; the case `policies` shows what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from decomposer import app
from decomposer.app import checking

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


def contradictions(root: Path) -> list[tuple[str, int, str, str, str]]:
    """What is told of rules that contradict each other, or name their context's own files."""
    told = app.analysis(app.Options(repo=root, cache=False)).problems
    return [(one.path, one.line, one.code, one.severity, one.message) for one in told if one.code.startswith("rule-")]


@pytest.mark.parametrize("paths", [("bills.py", "bills.py"), ("bill*.py", "b*.py")])
def test_two_that_contradict_each_other_are_an_error(repository: Repository, paths: tuple[str, str]) -> None:
    """Equally precise ones of one context: both places are told, by whatever reads the rules, and nothing is done."""
    root = shop(repository, dependency("share", paths[0]) + dependency("deny", paths[1]))
    told = "bills.py: policy `deny` contradicts `share` of another [[dependency]] of `orders`"
    assert [("rules/orders.toml", 12, "rule-conflict", "error", told)] == contradictions(root)
    planned = app.extract(app.Options(repo=root, cache=False), ("orders",))
    [error] = [one for one in planned.problems if one.code == "rule-conflict"]
    assert "rules/orders.toml:7" in error.hint
    assert "contradicted by rules/orders.toml:12, which says deny: so be it" == explained(root, "app.bills")[0][3]
    findings, _ = checking.check(app.Options(repo=root, cache=False), ("rules",), None)
    [found] = [one for one in findings if one.problem.code == "rule-conflict"]
    assert (12, "error") == (found.problem.line, found.problem.severity)


def test_what_is_more_precise_or_the_same_contradicts_nothing(repository: Repository) -> None:
    """Nor does what the core says for everybody: a context's own word goes before it, a pattern after a name."""
    for orders, core in [
        (dependency("deny", "*s.py") + dependency("copy", "b*.py") + dependency("share", "bills.py"), ""),
        (dependency("deny", "b*.py") + dependency("copy", "*s.py"), dependency("share", "bills.py")),
        (dependency("copy", "bills.py") + dependency("copy", "bills.py"), ""),
        (dependency("copy", "bills.py"), dependency("share", "bills.py")),
    ]:  # fmt: skip
        assert [] == contradictions(shop(repository, orders, core))


def test_the_core_s_own_rules_can_contradict_each_other_too(repository: Repository) -> None:
    """They are told once, not once for each context."""
    root = shop(repository, core=dependency("share", "tax.py") + dependency("copy", "tax.py"))
    assert [("rules/core.toml", 9, "rule-conflict")] == [one[:3] for one in contradictions(root)]


def test_a_dependency_on_its_context_s_own_file_is_told(repository: Repository) -> None:
    """It speaks of nothing; a pattern that others' files match too speaks of those."""
    root = shop(repository, dependency("deny", "orders.py") + dependency("copy", "*.py"))
    [found] = contradictions(root)
    assert ("rules/orders.toml", 7, "rule-of-its-own", "warning") == found[:4]


@pytest.mark.parametrize(("core", "reason"), [
    (dependency("share", "tax.py"), "to be shared, but the core has no room for it and what it needs: so be it"),
    ("", "it is the core's, but the core has no room for it and what it needs"),
])  # fmt: skip
def test_a_core_without_room_is_told(repository: Repository, core: str, reason: str) -> None:
    """A copy that there would not be, did it fit: `explain` says why, and `extract` tells all in one line."""
    root = shop(repository, core=core)
    (root / "decompose.toml").write_text((root / "decompose.toml").read_text() + "\n[limits]\nservice = 2\n")
    if not core:
        (root / "rules/core.toml").write_text(CORE.replace('"main.py"', '"main.py", "tax.py"'))
        (root / "rules/billing.toml").write_text(BILLING.replace(', "tax.py"', ""))
    assert ("orders", "copy", "src/app/bills.py:1", reason) in explained(root, "app.tax")
    [told] = [one for one in app.extract(app.Options(repo=root, cache=False), ("orders",)).problems
              if one.code == "core-full"]  # fmt: skip
    assert "no room for a module (2 lines) that orders needs" in told.message and "app.tax" in told.message
    assert "warning" == told.severity and "less than 2 lines" in told.hint
    (root / "decompose.toml").write_text((root / "decompose.toml").read_text().replace("service = 2", "service = 99"))
    assert [] == [one for one in app.extract(app.Options(repo=root, cache=False), ("orders",)).problems
                  if one.code == "core-full"]  # fmt: skip


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
