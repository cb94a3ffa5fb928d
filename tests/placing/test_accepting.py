"""Accepting suggestions: where rules are written, as a change like any other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from decomposer.app import Options, analysis
from decomposer.app import suggesting as app
from decomposer.model.problems import DecomposerError
from tests.conftest import ROOT
from tests.placing.shops import SHOP, write

pytest.importorskip("ortools", reason="OR-tools (decomposer[suggest]) is not installed")

NAMES = tuple(f"f{number}" for number in range(8))
BASE = "apps/coordinator-api/src/app"
COORDINATOR = {
    f"{BASE}/__init__.py": "",
    f"{BASE}/main.py": "from fastapi import FastAPI\n\nfrom .services.payment import pay\n\napp = FastAPI()\n",
    f"{BASE}/services/__init__.py": "",
    f"{BASE}/services/agent_fees.py": "".join(f"def {name}():\n    return 1\n\n\n" for name in NAMES),
    f"{BASE}/services/payment.py": f"from .agent_fees import {', '.join(NAMES)}\n\n\ndef pay():\n"
                                   f"    return {' + '.join(f'{name}()' for name in NAMES)}\n",
}  # fmt: skip
"""A monolith that the own rules of the tool are for; paying is the payments' by its name, the agents' by its calls."""


def decompose(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What a command says."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DECOMPOSE_CACHE_DIR": str(root.parent / "cache")}
    return subprocess.run([sys.executable, "-m", "decomposer", *words, "--repo", str(root)], env=environment,
                          capture_output=True, text=True)  # fmt: skip


def written(root: Path, *wanted: str) -> dict[str, str]:
    """What accepting writes, without problems."""
    planned = app.accept(Options(repo=root, cache=False), wanted)
    assert () == planned.problems
    return {change.path: (change.after or b"").decode() for change in planned.change_set.changes}


def checked(root: Path) -> tuple[int, str]:
    """The exit code of a check of the rules, and what it says."""
    done = decompose(root, "check", "rules")
    return done.returncode, done.stdout


def test_the_tools_own_rules_become_the_teams(tmp_path: Path) -> None:
    """All is written but what matches nothing, with the change, and a configuration that names their folder."""
    root = write(tmp_path, COORDINATOR)
    texts = written(root, "all")
    assert {f"decompose-rules/{path.name}" for path in (ROOT / "rules").glob("*.toml")} == texts.keys() - {
        "decompose.toml"
    }
    own = (ROOT / "rules/agent-management.toml").read_text()
    used = ("name = ", "agent_*", '"agents"', "follows")
    kept = [rule for rule in own.split("\n\n") if any(word in rule for word in used)]
    added = '[[rule]]\npaths = ["services/payment.py"]\n'
    assert texts["decompose-rules/agent-management.toml"].startswith("\n\n".join([*map(str.strip, kept), added]))
    assert (0, "rules: nothing\n") == checked(write(tmp_path / "own", {**COORDINATOR, **texts}))
    before = analysis(Options(repo=root, cache=False)).assignment
    after = analysis(Options(repo=write(root, texts), cache=False)).assignment
    paying = f"{BASE}/services/payment.py"
    assert ("payment", "agent-management") == (before.context(paying), after.context(paying))
    assert {path: before.context(path) for path in before.owners if path != paying} == {
        path: after.context(path) for path in after.owners if path != paying
    }


def test_a_configuration_keeps_what_it_says(tmp_path: Path) -> None:
    """The folder is named below the last of its own keys; tables and comments stay."""
    told = 'source = "apps/coordinator-api/src"\npackage = "app" # ours\n\n[limits]\nfile = 400\n'
    root = write(tmp_path, {**COORDINATOR, "decompose.toml": told})
    expected = told.replace("# ours\n", '# ours\nrules = "decompose-rules"\n')
    assert expected == written(root, "all")["decompose.toml"]


def test_rules_outside_the_repository_are_not_written(tmp_path: Path) -> None:
    """They are somebody else's; those inside are written where they are."""
    root = write(tmp_path / "here", SHOP)
    other = write(tmp_path / "there", {name[6:]: text for name, text in SHOP.items() if name.startswith("rules/")})
    with pytest.raises(DecomposerError, match="outside"):
        app.accept(Options(repo=root, rules=other, cache=False), ("1",))
    planned = app.accept(Options(repo=root, rules=root / "rules", cache=False), ("1",))
    assert ("rules/sales.toml",) == planned.change_set.paths()


@pytest.mark.proof
def test_a_dry_run_prints_the_patch_and_rollback_takes_it_back(tmp_path: Path) -> None:
    """Nothing is written by the first; the second leaves every byte as it was."""
    root = write(tmp_path / "shop", SHOP)
    patch = decompose(root, "suggest", "--accept", "1", "--dry-run")
    assert 0 == patch.returncode and '+paths = ["stock_prices.py"]' in patch.stdout
    assert SHOP["rules/sales.toml"] == (root / "rules/sales.toml").read_text()
    assert 0 == decompose(root, "suggest", "--accept", "1").returncode
    assert SHOP["rules/sales.toml"] != (root / "rules/sales.toml").read_text()
    assert 0 == decompose(root, "rollback").returncode
    assert SHOP["rules/sales.toml"] == (root / "rules/sales.toml").read_text()


@pytest.mark.proof
@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_suggestions_are_printed(tmp_path: Path, form: str) -> None:
    """In every format, the same twice."""
    root = write(tmp_path / "shop", SHOP)
    told = decompose(root, "suggest", "--format", form)
    assert (0, "") == (told.returncode, told.stderr)
    assert "stock_prices.py" in told.stdout
    assert told.stdout == decompose(root, "suggest", "--format", form).stdout


def test_a_dry_run_needs_something_to_accept(tmp_path: Path) -> None:
    """A mistake in the words is exit code 2."""
    assert 2 == decompose(write(tmp_path / "shop", SHOP), "suggest", "--dry-run").returncode
