"""Small repositories and what is dead in them, one file in `tests/cases/prune` each.

The first line says what the case shows. The files follow; `words` are those of the command, where something is taken
out; `expected` has a line for each finding, then the patch, then what a person is told. With the environment variable
DECOMPOSE_UPDATE set, `expected` is written anew: look at what `git diff` says then.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from decomposer.app import Options, analysis, pruning
from decomposer.app.extracting import tree_of
from decomposer.model.problems import DecomposerError
from decomposer.report.patch import render_patch
from decomposer.shell import disk
from tests.cases.reading import cases, read_case
from tests.conftest import write_files

CONFIG = 'source = "src"\npackage = "app"\nentry = ["app.main:app"]\nrules = "rules"\n'
RULES = 'name = "shop"\nphase = 2\nport = 8101\ndescription = "all"\n\n[[rule]]\npaths = ["**"]\nreason = "all"\n'
SETTLED = {"decompose.toml": CONFIG, "rules/shop.toml": RULES, ".decompose/baseline.json": "{}"}


def findings(root: Path) -> list[str]:
    """A line for each finding: the degree, the kind, what it is called, and the kinds of evidence."""
    listing = disk.list_files(root)
    found = analysis(Options(repo=root, cache=False), listing)
    dead = pruning.find_dead_code(found, tree_of(listing, found))
    return [f"{f.degree} {f.kind} {f.subject()} [{', '.join(sorted({one.kind for one in f.evidence}))}]"
            for f in dead.findings]  # fmt: skip


def changes(root: Path, words: list[str]) -> list[str]:
    """The lines of the patch, and what is told."""
    subjects = tuple(word for word in words if not word.startswith("-"))
    degree = next((word.removeprefix("--degree=") for word in words if word.startswith("--degree=")), "")
    try:
        planned = pruning.prune(Options(repo=root, cache=False), subjects, degree, "--tests" in words)
    except DecomposerError as error:
        return [problem.render() for problem in error.problems]
    patch = render_patch(planned.change_set).decode().splitlines()
    kept = [line for line in patch if not line.startswith(("index ", "--- ", "+++ "))]
    return [line for line in (*kept, *(problem.render() for problem in planned.problems), *planned.summary) if line]


@pytest.mark.parametrize("case", cases("prune"), ids=lambda path: path.stem)
def test_each_case_is_as_it_is_written(case: Path, tmp_path: Path) -> None:
    """The findings, the patch and the problems are those of the case."""
    files, expected = read_case(case, "expected")
    words = files.pop("words", "").split()
    write_files(tmp_path, {**SETTLED, **files})
    lines = [line.rstrip() for line in (*findings(tmp_path), *(changes(tmp_path, words) if words else []))]
    told = [line for line in lines if line]
    if os.environ.get("DECOMPOSE_UPDATE"):
        text = case.read_text("utf-8")
        head = text[: text.index("=== expected\n")]
        case.write_text(head + "=== expected\n" + "".join(f"{line}\n" for line in told))
        expected = told
    assert expected == told
