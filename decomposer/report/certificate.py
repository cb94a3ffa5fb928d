"""A certificate as blocks for a person: what holds, what fails, and the evidence."""

from __future__ import annotations

from collections.abc import Iterator

from decomposer.model.certificate import FAILS, HOLDS, NOT_CHECKED, Certificate, Check
from decomposer.report.blocks import Block, Heading, Table, Text


def certificate_blocks(certificate: Certificate) -> list[Block]:
    """The verdict, every check in a table, and the evidence of each."""
    return list(_blocks(certificate, everything=True))


def summary_blocks(certificate: Certificate) -> list[Block]:
    """The same with evidence only of what fails."""
    return list(_blocks(certificate, everything=False))


def _blocks(certificate: Certificate, everything: bool) -> Iterator[Block]:
    yield Heading(certificate.subject)
    counts = {state: sum(check.state == state for check in certificate.checks) for state in (HOLDS, FAILS, NOT_CHECKED)}
    told = ", ".join(f"{count} {'hold' if state == HOLDS else 'fail' if state == FAILS else 'not checked'}"
                     for state, count in counts.items() if count)  # fmt: skip
    verdict = "holds" if certificate.holds() else "does not hold"
    yield Text(f"The certificate {verdict}: {told}.", "good" if certificate.holds() else "bad")
    rows = tuple((check.name, check.state, check.claim + ("" if everything else _reason(check)))
                 for check in certificate.checks)  # fmt: skip
    yield Table(("check", "state", "what"), rows)
    for check in certificate.checks:
        if check.evidence and (everything or check.state == FAILS):
            lines = "\n".join(f"  {line}" for line in check.evidence)
            yield Text(f"{check.name}: {check.state}\n{lines}", "bad" if check.state == FAILS else "")
    if everything:
        yield Text(f"Python {certificate.python}, {certificate.made}, {', '.join(certificate.folders)}, "
                   f"sha256 {certificate.digest}")  # fmt: skip


def _reason(check: Check) -> str:
    """Why a check was not made, "" for one that was."""
    if check.state != NOT_CHECKED or not check.evidence:
        return ""
    first, *more = check.evidence
    return f": {first}{f' and {len(more)} more' if more else ''}"
