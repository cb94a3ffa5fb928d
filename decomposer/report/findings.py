"""What checks found, as lines for a person or as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from decomposer.model.findings import Finding


def finding_lines(findings: Sequence[Finding], mended: int, checks: Iterable[str]) -> Iterator[str]:
    """A line for each finding that is not known, then how each check ended; `mended` entries are found no more."""
    for finding in findings:
        if not finding.is_known:
            yield finding.problem.render()
    for check in checks:
        yield f"{check}: {_counts([finding for finding in findings if finding.check == check])}"
    if mended:
        entries = "1 entry of the baseline is" if mended == 1 else f"{mended:,} entries of the baseline are"
        yield f"{entries} not found any more: decompose check --update-baseline takes them out"


def _counts(found: Sequence[Finding]) -> str:
    """How many of each kind there are, `nothing` for none."""
    kinds = Counter("known" if one.is_known else one.problem.severity for one in found)
    names = {"error": "errors", "warning": "warnings", "known": "known"}
    told = [f"{kinds[kind]:,} {kind if kinds[kind] == 1 else plural}" for kind, plural in names.items() if kinds[kind]]
    return ", ".join(told) or "nothing"


def findings_document(findings: Iterable[Finding], mended: Iterable[str], checks: Iterable[str]) -> dict[str, Any]:
    """Everything that was found, with stable keys."""
    return {
        "version": 1, "checks": list(checks),
        "findings": [
            {"check": one.check, "code": one.problem.code, "subject": one.subject, "path": one.problem.path,
             "line": one.problem.line, "severity": one.problem.severity, "message": one.problem.message,
             "hint": one.problem.hint, "size": one.size, "known": one.is_known}
            for one in findings
        ],
        "mended": list(mended),
    }  # fmt: skip
