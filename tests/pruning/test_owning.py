"""Whose files are when dead code has gone: the tool's own rules become the team's only where that takes a rule."""

from __future__ import annotations

import shutil
from pathlib import Path

from decomposer.app import Options, analysis, pruning
from decomposer.shell.apply import apply_changes
from tests.conftest import ROOT, write_files

BASE = "apps/coordinator-api/src/app"
HELPER = f"{BASE}/services/rounding.py"
FILES = {
    f"{BASE}/__init__.py": "",
    f"{BASE}/main.py": "from fastapi import FastAPI\n\nfrom .services import payment\n\napp = FastAPI()\n"
                       "print(payment.pay())\n",
    f"{BASE}/services/__init__.py": "",
    f"{BASE}/services/payment.py": "def pay() -> int:\n    return 1\n",
    f"{BASE}/services/gpu_bids.py": "from .rounding import whole\n\n\ndef bid() -> int:\n    return whole(1.5)\n",
    HELPER: "def whole(number: float) -> int:\n    return int(number)\n\n\n"
            'if __name__ == "__main__":\n    print(whole(2.5))\n',
}  # fmt: skip
"""A monolith that the own rules of the tool are for: rounding is computing's, whose dead code alone uses it."""


def pruned(root: Path, rules: Path | None = None) -> tuple[list[str], list[str]]:
    """The files that a prune changes, and the codes of what it tells; the change is made."""
    planned = pruning.prune(Options(repo=root, rules=rules, cache=False), (), "dead-code", False)
    apply_changes(root, planned.change_set, "prune", ())
    return list(planned.change_set.paths()), [problem.code for problem in planned.problems]


def test_a_file_keeps_its_owner(tmp_path: Path) -> None:
    """By a rule in the tool's own rules, which are written for it; what matches nothing is not among them."""
    write_files(tmp_path, FILES)
    assert "computing" == analysis(Options(repo=tmp_path, cache=False)).assignment.context(HELPER)
    paths, told = pruned(tmp_path)
    assert {f"{BASE}/services/gpu_bids.py", "decompose.toml", "decompose-rules/computing.toml"} <= set(paths)
    assert ["no-baseline"] == told
    after = analysis(Options(repo=tmp_path, cache=False)).assignment
    assert ("computing", ()) == (after.context(HELPER), after.idle)


def test_rules_are_left_alone_where_nobody_loses_anything(tmp_path: Path) -> None:
    """The tool's own are not written."""
    write_files(tmp_path, {**FILES, HELPER: "def whole(number: float) -> int:\n    return int(number)\n"})
    assert ([f"{BASE}/services/gpu_bids.py", HELPER], ["no-baseline"]) == pruned(tmp_path)


def test_rules_elsewhere_are_not_written(tmp_path: Path) -> None:
    """Those outside the repository are somebody else's: what a file loses is told."""
    write_files(tmp_path / "here", FILES)
    shutil.copytree(ROOT / "rules", tmp_path / "there")
    paths, told = pruned(tmp_path / "here", tmp_path / "there")
    assert ([f"{BASE}/services/gpu_bids.py"], ["no-baseline", "owner-changes"]) == (paths, sorted(told))
