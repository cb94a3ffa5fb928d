"""What checks found as SARIF 2.1.0, which code hosts show beside the lines.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from decomposer.model.findings import Finding

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif_document(findings: Sequence[Finding], version: str) -> dict[str, Any]:
    """One run with a result for each finding; those in the baseline are suppressed and unchanged."""
    codes = sorted({(finding.check, finding.problem.code) for finding in findings})
    numbers = {f"{check}/{code}": number for number, (check, code) in enumerate(codes)}
    rules = [{"id": name, "name": name, "shortDescription": {"text": name.replace("/", ": ").replace("-", " ")}}
             for name in numbers]  # fmt: skip
    return {
        "$schema": _SCHEMA, "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "decompose", "version": version, "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": [_result(finding, numbers) for finding in findings],
        }],
    }  # fmt: skip


def _result(finding: Finding, numbers: dict[str, int]) -> dict[str, Any]:
    problem = finding.problem
    name = f"{finding.check}/{problem.code}"
    hint = f" ({problem.hint})" if problem.hint else ""
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(problem.path)}}
    if problem.line:
        place["region"] = {"startLine": problem.line}
    found: dict[str, Any] = {
        "ruleId": name, "ruleIndex": numbers[name], "level": problem.severity,
        "message": {"text": f"{problem.message}{hint}"}, "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"decompose/v1": f"{name}:{finding.subject}"},
        "baselineState": "unchanged" if finding.is_known else "new",
    }  # fmt: skip
    if finding.is_known:
        found["suppressions"] = [{"kind": "external", "justification": "it is in the baseline"}]
    return found
