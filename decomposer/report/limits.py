"""How services and files stand to their limits, and what brings each below, as JSON and as blocks for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from decomposer.checks.limits import service_size
from decomposer.model.config import CORE, Limits
from decomposer.model.findings import Finding
from decomposer.model.fit import Fit
from decomposer.report.blocks import Block, Heading, Table, Text


def limits_document(fit: Fit, limits: Limits, findings: Iterable[Finding], wanted: tuple[str, ...]) -> dict[str, Any]:
    """Every service and file with its steps; `known` are the breaches of limits that the baseline has."""
    known = {finding.subject for finding in findings if finding.is_known}
    return {
        "version": 1,
        "limits": {"service": limits.service, "service_target": limits.service_target, "file": limits.file},
        "services": [
            {"name": one.context, "loc": one.lines, "verdict": service_size(one.context, one.lines, limits).verdict,
             "loc_after": one.after, "verdict_after": service_size(one.context, one.after, limits).verdict,
             "steps": [msgspec.to_builtins(step) for step in one.steps], "hindrance": one.hindrance,
             "known": one.context in known}
            for one in fit.services if not wanted or one.context in wanted
        ],
        "files": [
            {"path": one.path, "module": one.module, "context": one.context, "loc": one.lines,
             "loc_pruned": one.pruned, "parts": [msgspec.to_builtins(part) for part in one.parts], "why_not": one.why,
             "divides": one.divides, "known": one.module in known}
            for one in fit.files if not wanted or one.context in wanted
        ],
        "missing": list(fit.missing),
    }  # fmt: skip


def limit_blocks(document: dict[str, Any]) -> list[Block]:
    """How services stand, the steps of each that is too large, and the files over their limit."""
    return list(_blocks(document))


def _blocks(d: dict[str, Any]) -> Iterator[Block]:
    limits = d["limits"]
    yield Heading(f"Services: less than {limits['service']:,} lines, at best {limits['service_target']:,}")
    columns = ("service", "lines", "verdict", "after", "then")
    yield Table(columns, tuple(
        (one["name"], f"{one['loc']:,}", one["verdict"] + (" (known)" if one["known"] else ""),
         *((f"{one['loc_after']:,}", one["verdict_after"]) if one["loc_after"] != one["loc"] else ("", "")))
        for one in d["services"]
    ), ("lines", "after"))  # fmt: skip
    if any(one["name"] == CORE for one in d["services"]):
        yield Text("the core is counted with what services will share, without what each gets a part of; analyze "
                   "counts the files that are its own")  # fmt: skip
    for one in d["services"]:
        if one["steps"]:
            yield from _service(one)
        if one["hindrance"]:
            yield Text(f"{one['name']}: {one['hindrance']}", "bad")
    for told in d["missing"]:
        yield Text(told, "warning")
    if d["files"]:
        yield from _files(d["files"], limits["file"])


def _service(one: dict[str, Any]) -> Iterator[Block]:
    count = len(one["steps"])
    steps = "this step" if count == 1 else f"these {count} steps"
    yield Heading(f"{one['name']}: {one['loc']:,} -> {one['loc_after']:,} with {steps}")
    for number, step in enumerate(one["steps"], 1):
        yield Text(f"{number}. {step['what']}: {step['saves']:,} lines, {step['left']:,} left")
        yield Text(f"   {step['command']}")
        for part in step["parts"]:
            yield Text(f"   {part['name']}: {part['lines']:,} lines")


def _files(files: list[dict[str, Any]], limit: int) -> Iterator[Block]:
    yield Heading(f"Files over {limit:,} lines: {len(files)}")
    yield Table(("file", "lines", "without dead code", "context", "falls into"), tuple(
        (one["path"], f"{one['loc']:,}", f"{one['loc_pruned']:,}", one["context"] or "(nobody)", _parts(one, limit))
        for one in files
    ), ("lines", "without dead code"))  # fmt: skip
    if any(one["parts"] for one in files):
        some = " (with --classes where it says so)" if any(one["divides"] for one in files) else ""
        yield Text(f"split one: decompose split FILE --dry-run{some}")


def _parts(one: dict[str, Any], limit: int) -> str:
    if one["loc_pruned"] <= limit:
        return "fits without its dead code" if one["loc_pruned"] else "goes: it is dead code"
    told = " + ".join(f"{part['lines']:,}{' (still over)' if part['lines'] > limit else ''}" for part in one["parts"])
    told += " (--classes)" if one["divides"] else ""
    return "; ".join(filter(None, [told, one["why_not"]])) or "-"
