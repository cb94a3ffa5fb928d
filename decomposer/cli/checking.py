"""The command that a pipeline runs, and its formats."""

from __future__ import annotations

from pathlib import Path

import decomposer
from decomposer.app import checking
from decomposer.cli.guard import write_out
from decomposer.cli.progress import Bar
from decomposer.cli.request import Request, options, words
from decomposer.cli.telling import tell
from decomposer.cli.writing import write


def check(request: Request) -> int:
    """Prints what was found: exit code 1 where any of it is an error that the baseline does not know."""
    if request["format"] == "import-linter":
        with Bar() as bar:
            _print(checking.boundaries(options(request, bar)))
        return 0
    names = tuple(words(request, "checks"))
    baseline = Path(request["baseline"]) if "baseline" in request else None
    if "update_baseline" in request:
        return write(request, "check --update-baseline", lambda told: checking.update(told, names, baseline))
    from decomposer.gating import CHECKS
    from decomposer.report.annotations import annotation_lines
    from decomposer.report.document import dump
    from decomposer.report.findings import finding_lines, findings_document
    from decomposer.report.junit import junit
    from decomposer.report.sarif import sarif_document

    with Bar() as bar:
        found, mended = checking.check(options(request, bar), names, baseline)
    checks = [name for name in CHECKS if not names or name in names]
    match request["format"]:
        case "json":
            gone = [f"{key.check}/{key.code}: {key.subject}" for key in mended]
            _print(dump(findings_document(found, gone, checks)))
        case "sarif":
            _print(dump(sarif_document(found, decomposer.__version__)))
        case "junit":
            _print(junit(found, checks))
        case "github":
            tell(annotation_lines(found))
        case _:
            tell(finding_lines(found, len(mended), checks))
    return 1 if any(finding.fails for finding in found) else 0


def _print(document: str) -> None:
    write_out(document.encode("utf-8", "backslashreplace"))
