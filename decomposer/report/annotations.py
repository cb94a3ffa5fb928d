"""What checks found as workflow commands, which GitHub, and what is compatible with it, show beside the lines.

Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from decomposer.model.findings import Finding


def annotation_lines(findings: Iterable[Finding]) -> Iterator[str]:
    """A line for each finding that is not known."""
    for finding in findings:
        problem = finding.problem
        if finding.is_known:
            continue
        line = f",line={problem.line}" if problem.line else ""
        hint = f" ({problem.hint})" if problem.hint else ""
        yield (f"::{problem.severity} file={_property(problem.path)}{line},"
               f"title={_property(f'{finding.check}/{problem.code}')}::{_text(problem.message + hint)}")  # fmt: skip


def _text(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _text(value).replace(":", "%3A").replace(",", "%2C")
