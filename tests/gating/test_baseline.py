"""A baseline knows what there was, in any package, and only shrinks."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.gating.baseline import Key, begun, compared, read_baseline, shrunk, stays, written
from decomposer.model.findings import Finding
from decomposer.model.problems import DecomposerError, Problem


def finding(subject: str, size: int = 1, severity: str = "error", code: str = "large") -> Finding:
    """One of the check `limits`."""
    return Finding("limits", Problem(f"{subject}.py", 0, code, "is large", severity=severity), subject, size)


def key(subject: str, code: str = "large") -> Key:
    """What that finding is known by."""
    return Key("limits", code, subject)


def known(findings: list[Finding], baseline: dict[Key, int]) -> list[bool]:
    """Whether each is known."""
    return [one.is_known for one in compared(findings, baseline)[0]]


def test_what_is_known_may_shrink_and_not_grow() -> None:
    """Nor may there be more of it: sizes of one subject are added up."""
    baseline = {key("app.a"): 600}
    assert [[True], [True], [False]] == [known([finding("app.a", size)], baseline) for size in (500, 600, 601)]
    assert [False, False] == known([finding("app.a", 400), finding("app.a", 201)], baseline)


def test_what_has_grown_says_what_is_known() -> None:
    """The figure that is known, and the one that there is now; not what is new, and no warning."""
    found = [finding("app.a", 1601), finding("app.b", 700), finding("app.a", 9, "warning")]
    told = compared(found, {key("app.a"): 1600})[0]
    grown = "is large: the baseline knows 1,600, and now it is 1,601"
    assert [grown, "is large", "is large"] == [one.problem.message for one in told]
    assert [grown, "is large", "2 errors stay that it does not know: a baseline only shrinks"] == [
        one.message for one in stays(found, {key("app.a"): 1600}, "b.json")
    ]
    assert {"warning"} == {one.severity for one in stays(found, {key("app.a"): 1600}, "b.json")}
    assert [] == stays(found, begun(found), "b.json")


def test_a_warning_is_never_known_and_never_fails() -> None:
    """It does not need to be."""
    warning = finding("app.a", severity="warning")
    assert ({}, [False]) == (begun([warning]), [one.fails for one in compared([warning], {})[0]])


def test_an_entry_follows_its_subject() -> None:
    """Into another package, as one entry for one subject; what stands after the colon stays the same."""
    baseline = {key("app.services.a"): 600, key("app.b:name"): 1}
    assert [True, True] == known([finding("orders.services.a", 590), finding("orders.b:name")], baseline)
    assert [False, False] == known([finding("app.services.a2", 590), finding("app.b:other")], baseline)
    assert [True, False] == known([finding("app.services.a", 590), finding("orders.a", 590)], baseline)
    assert [True, False] == known([finding("one.a", 590), finding("two.a", 590)], baseline)
    assert [False] == known([finding("orders.a", 590, code="other")], baseline)


def test_what_is_mended_is_told_and_leaves() -> None:
    """And comes not back: an entry is as small as what was found last."""
    baseline = {key("app.a"): 600, key("app.b"): 700}
    found = [finding("new.a", 550), finding("app.c", 900)]
    assert [key("app.b")] == compared(found, baseline)[1]
    assert {key("new.a"): 550} == shrunk(found, baseline)


SUBJECTS = st.sampled_from(["app.a", "app.b", "x.a", "app.a:n", "x.a:n", "core"])
FINDINGS = st.lists(st.builds(finding, SUBJECTS, st.integers(1, 5), st.sampled_from(["error", "warning"])), max_size=8)
BASELINES = st.dictionaries(SUBJECTS.map(key), st.integers(1, 9), max_size=6)


@given(FINDINGS, BASELINES)
def test_it_only_shrinks(findings: list[Finding], baseline: dict[Key, int]) -> None:
    """No entry is added or grows; what is known stays known; a second time nothing changes."""
    smaller = dict(shrunk(findings, baseline))
    assert len(smaller) <= len(baseline)
    assert sum(smaller.values()) <= sum(baseline.values())
    assert known(findings, baseline) == known(findings, smaller)
    assert smaller == shrunk(findings, smaller)


@given(FINDINGS)
def test_a_first_baseline_knows_everything(findings: list[Finding]) -> None:
    """And is read as it was written."""
    baseline = read_baseline("x.json", written(begun(findings)))
    assert begun(findings) == baseline
    assert [] == [one for one in compared(findings, baseline)[0] if one.fails]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"version": 2, "known": []}', b'{"version": 1, "known": [{}]}',
                                     json.dumps({"version": 1, "known": [{"check": "x"}]}).encode()])  # fmt: skip
def test_what_is_no_baseline_is_refused(content: bytes) -> None:
    """With its path."""
    with pytest.raises(DecomposerError) as caught:
        read_baseline("known.json", content)
    assert ["known.json"] == [problem.path for problem in caught.value.problems]
