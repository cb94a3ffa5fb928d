"""What was found, in the formats that other programs read."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from decomposer.model.findings import Finding
from decomposer.model.problems import Problem
from decomposer.report.annotations import annotation_lines
from decomposer.report.findings import finding_lines, findings_document
from decomposer.report.junit import junit
from decomposer.report.sarif import sarif_document

LARGE = Problem("app/a b.py", 7, "file-over-limit", "has 50 % more,\nor so", "split it")
FOUND = [
    Finding("limits", LARGE, "app.a", 750),
    Finding("limits", Problem("apps/x", 0, "service-over-limit", "is \x00 large"), "x", 9000, is_known=True),
    Finding("rules", Problem("rules/x.toml", 3, "rule-matches-nothing", "matches no file", "", "warning"), "x"),
]
CHECKS = ["limits", "rules", "aliases"]


def test_lines() -> None:
    """Known ones are only counted; a check that found nothing says so."""
    lines = list(finding_lines(FOUND, 2, CHECKS))
    assert [LARGE.render(), FOUND[2].problem.render(), "limits: 1 error, 1 known", "rules: 1 warning",
            "aliases: nothing",
            "2 entries of the baseline are not found any more: decompose check --update-baseline takes them out",
            ] == lines  # fmt: skip


def test_json() -> None:
    """Everything, the known ones too."""
    document = findings_document(FOUND, ["gone"], CHECKS)
    assert [False, True, False] == [one["known"] for one in document["findings"]]
    assert (1, CHECKS, ["gone"]) == (document["version"], document["checks"], document["mended"])


def test_sarif() -> None:
    """A result each with its rule and place; those that are known are suppressed."""
    (run,) = sarif_document(FOUND, "1.0")["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    results = run["results"]
    assert ["limits/file-over-limit", "limits/service-over-limit", "rules/rule-matches-nothing"] == rules
    assert [rules[one["ruleIndex"]] for one in results] == [one["ruleId"] for one in results]
    assert ["error", "error", "warning"] == [one["level"] for one in results]
    assert [False, True, False] == ["suppressions" in one for one in results]
    place = results[0]["locations"][0]["physicalLocation"]
    assert {"artifactLocation": {"uri": "app/a%20b.py"}, "region": {"startLine": 7}} == place
    assert "region" not in results[1]["locations"][0]["physicalLocation"]


def test_junit() -> None:
    """A suite each, also without findings; what XML cannot have is replaced."""
    root = ElementTree.fromstring(junit(FOUND, CHECKS))
    told = [(suite.get("name"), suite.get("tests"), suite.get("failures"), suite.get("skipped")) for suite in root]
    assert [("limits", "2", "1", "1"), ("rules", "1", "0", "1"), ("aliases", "1", "0", "0")] == told
    assert ["file-over-limit"] == [failure.get("type") for failure in root.iter("failure")]
    assert 2 == len(list(root.iter("skipped")))


def test_annotations() -> None:
    """One line each, whatever is in it; known ones are none."""
    assert [
        "::error file=app/a b.py,line=7,title=limits/file-over-limit::has 50 %25 more,%0Aor so (split it)",
        "::warning file=rules/x.toml,line=3,title=rules/rule-matches-nothing::matches no file",
    ] == list(annotation_lines(FOUND))


@pytest.mark.parametrize("path", ["a,b:c.py"])
def test_properties_of_annotations_are_escaped(path: str) -> None:
    """What would end a property."""
    (line,) = annotation_lines([Finding("limits", Problem(path, 0, "x", "y"), "z")])
    assert line.startswith("::error file=a%2Cb%3Ac.py,title=")
