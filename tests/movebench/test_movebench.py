"""The benchmark of moved modules: its cases are sound, and decompose passes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.movebench.cases import CASES, MOVE, VARIANTS, BrokenCase, Case, read_case, read_cases
from benchmarks.movebench.running import LEFT_OUT, PASSED, Outcome, laid_down, plan_runs, run_case
from benchmarks.movebench.tables import as_markdown, as_text, by_group, summarize
from benchmarks.movebench.tools.language_server import apply

ALL = read_cases()
EVERY = 15
"""In the everyday tests so many programs are passed over for each that is run; `make movebench` runs them all."""
SOME = plan_runs(ALL, lambda _: None)[::EVERY]
RUNS = [pytest.param(case, variant, id=f"{case.name}-{variant}") for case, variant in SOME]


def test_there_are_enough_cases_and_each_has_a_name_and_a_sentence_of_its_own():
    assert len(ALL) >= 100
    assert len(ALL) == len({case.name for case in ALL})
    assert [] == [case.name for case in ALL if not case.about.endswith(".")]
    assert len(ALL) == len({case.about for case in ALL})
    assert len(ALL) == len(list(CASES.rglob("*.txt")))


def test_the_variants_of_a_case_differ():
    assert [] == [case.name for case in ALL if len({str(case.files(variant)) for variant in case.variants}) == 1]


def test_most_cases_move_one_module_in_both_variants():
    assert len([case for case in ALL if set(case.variants) == set(VARIANTS)]) > 0.9 * len(ALL)
    assert len([case for case in ALL if (case.old, case.new) == MOVE]) > 0.75 * len(ALL)


@pytest.mark.parametrize(("text", "told"), [
    ("=== check.py\n", "first line"),
    ("# Nothing.\n=== app/x.py\n", "no check.py"),
    ("# A header that nobody knows.\nmoved: a b\n=== check.py\n", "no such header: moved"),
])  # fmt: skip
def test_a_case_that_cannot_be_read_says_why(text: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("benchmarks.movebench.cases.CASES", tmp_path)
    (tmp_path / "one.txt").write_text(text)
    with pytest.raises(BrokenCase, match=told):
        read_case(tmp_path / "one.txt")


@pytest.mark.parametrize(("case", "variant"), RUNS)
@pytest.mark.proof
def test_a_program_passes_before_the_move(case: Case, variant: str):
    with laid_down(case, variant) as program:
        assert program.move().old_path.exists()
        assert not program.move().new_path.exists()


@pytest.mark.proof
def test_moving_the_file_alone_passes_nothing():
    """A check that passes though nothing was respelled would check nothing; some of each group stand for all."""
    first = {case.group: case for case in ALL}.values()
    outcomes = [found for case in first for variant in case.variants for found in run_case(case, variant, ["git mv"])]
    assert [] == [(found.case, found.variant) for found in outcomes if found.verdict == PASSED]


def test_an_edit_of_a_language_server_is_made_from_its_end(tmp_path: Path):
    (tmp_path / "a b.py").write_text("import x\nimport y\n")
    spot = {"start": {"line": 1, "character": 7}, "end": {"line": 1, "character": 8}}
    first = {"start": {"line": 0, "character": 7}, "end": {"line": 0, "character": 8}}
    edits = [{"range": first, "newText": "long"}, {"range": spot, "newText": "z"}]
    apply({"documentChanges": [{"textDocument": {"uri": (tmp_path / "a b.py").as_uri()}, "edits": edits}]})
    assert "import long\nimport z\n" == (tmp_path / "a b.py").read_text()


def test_tables_count_cases_that_pass_in_every_variant():
    outcomes = [
        Outcome("sed", "imports/one", "full", "failed", "why"),
        Outcome("sed", "imports/one", "isolated", PASSED),
        Outcome("sed", "imports/two", "full", PASSED),
        Outcome("sed", "imports/two", "isolated", PASSED),
        Outcome("sed", "pickles/one", "full", LEFT_OUT),
    ]
    summary, groups = summarize(outcomes, {"sed": "-", "ty": None}), by_group(outcomes)
    assert ("sed", "-", "1 / 2", "2 / 2", "1 / 2") == summary[1]
    assert ("ty", "not installed", "", "", "") == summary[2]
    assert [("imports", "2", "1"), ("pickles", "1", "0 / 0")] == groups[1:]
    assert ["| group | cases | sed |", "|---|--:|--:|"] == list(as_markdown(groups, 1))[:2]
    assert "imports  2      1" == list(as_text(groups))[1]


@pytest.mark.parametrize(("case", "variant"), RUNS)
@pytest.mark.proof
def test_decompose_moves_the_module_and_the_program_still_passes(case: Case, variant: str):
    """With the alias that it leaves by default."""
    found = run_case(case, variant, ["decompose"])
    assert {} == {one.tool: one.why for one in found if one.verdict not in (PASSED, LEFT_OUT)}
