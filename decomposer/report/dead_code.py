"""Dead code as one JSON document, and as blocks for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from decomposer.model.counting import counted
from decomposer.model.dead_code import DEGREES, SURE, DeadCode, Evidence, Finding
from decomposer.report.blocks import Block, Heading, Table, Text

_SPEAKS = ("table", "config", "string", "code", "test", "import", "route", "document", "package")
"""Kinds of evidence, the one that speaks most against a deletion first."""


def dead_code_document(dead: DeadCode, contexts: Mapping[str, str]) -> dict[str, Any]:
    """Every finding with its degree, lines, context and evidence; what was looked from; and sums."""
    return {
        "version": 1,
        "entries": [{"kind": kind, "module": module} for kind, module in dead.entries],
        "degrees": [
            {"degree": degree, "means": means, "dead": degree in SURE,
             "count": sum(f.degree == degree for f in dead.findings),
             "loc": sum(f.lines for f in dead.findings if f.degree == degree)}
            for degree, means in DEGREES.items()
        ],
        "findings": [_one(finding, contexts) for finding in dead.findings],
        "contexts": [
            {"name": name, "loc": sum(f.lines for f in dead.findings
                                      if f.degree in SURE and contexts.get(f.path, "") == name)}
            for name in sorted({contexts.get(f.path, "") for f in dead.findings if f.degree in SURE})
        ],
    }  # fmt: skip


def dead_code_blocks(d: dict[str, Any]) -> list[Block]:
    """What is dead by degree, with the evidence that speaks most for its being used, and what to do."""
    sure = [f for f in d["findings"] if f["dead"]]
    lines = counted(sum(f["loc"] for f in sure), "line")
    blocks: list[Block] = [Heading(f"Dead code: {counted(len(sure), 'finding')}, {lines}")]
    blocks.append(Text("looked from " + ", ".join(_entries(d)) + ", and from what scripts, units and projects start"))
    if d["contexts"]:
        rows = tuple((one["name"] or "nobody", f"{one['loc']:,}") for one in d["contexts"])
        blocks.append(Table(("context", "lines"), rows, ("lines",)))
    for degree in d["degrees"]:
        if not degree["dead"] and degree["count"]:
            blocks.append(Heading(f"Kept, but not seen to be used: {degree['means']}"))
        elif degree["count"]:
            blocks.append(Heading(f"Dead: {degree['means']} ({degree['degree']})"))
        shown = [f for f in d["findings"] if f["degree"] == degree["degree"]]
        if shown:
            blocks.append(Table(("what", "kind", "lines", "context", "named by"), tuple(map(_row, shown)), ("lines",)))
    if sure:
        blocks.append(Text("take out what is as sure as one of these: decompose prune --degree "
                           f"{'|'.join(SURE)} --dry-run"))  # fmt: skip
    return blocks


def _entries(d: dict[str, Any]) -> Iterator[str]:
    shown = d["entries"][:6]
    yield from (one["module"] for one in shown)
    if len(d["entries"]) > len(shown):
        yield f"{len(d['entries']) - len(shown)} more"


def _row(finding: dict[str, Any]) -> tuple[str, ...]:
    evidence = finding["evidence"]
    told = "-"
    if evidence:
        first = min(evidence, key=lambda one: _SPEAKS.index(one["kind"]))
        more = len({(one["path"], one["line"]) for one in evidence}) - 1
        place = f"{first['path']}:{first['line']}" if first["line"] else first["path"]
        told = f"{place} ({first['kind']})" + (f" and {more} more" if more else "")
    return finding["subject"], finding["kind"], f"{finding['loc']:,}", finding["context"] or "-", told


def _one(finding: Finding, contexts: Mapping[str, str]) -> dict[str, Any]:
    return {
        "subject": finding.subject(), "kind": finding.kind, "path": finding.path, "line": finding.line,
        "loc": finding.lines, "context": contexts.get(finding.path, ""), "degree": finding.degree,
        "dead": finding.degree in SURE, "evidence": [_evidence(one) for one in finding.evidence],
    }  # fmt: skip


def _evidence(one: Evidence) -> dict[str, Any]:
    return {"path": one.path, "line": one.line, "kind": one.kind, "text": one.text}
