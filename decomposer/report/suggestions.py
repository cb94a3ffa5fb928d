"""Suggestions as one JSON document, and as blocks for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from decomposer.model.config import CORE
from decomposer.model.counting import counted
from decomposer.placing.situation import Placement, Situation
from decomposer.placing.suggestions import Suggestion, Worth
from decomposer.report.blocks import Block, Heading, Table, Text
from decomposer.report.quality import FIGURES, quality_document, shown


def suggestions_document(
    situation: Situation, found: list[Suggestion], placement: Placement, divided: Mapping[str, list[Suggestion]]
) -> dict[str, Any]:
    """Each change with its figures, the figures of all together, and the parts of contexts that do not fit."""
    sizes, then = situation.sizes(situation.now), situation.sizes(placement)
    return {
        "version": 1,
        "limits": {"service": situation.limits.service, "service_target": situation.limits.service_target},
        "suggestions": [_one(one) for one in found],
        "before": _figures(situation, situation.now), "after": _figures(situation, placement),
        "contexts": [{"name": name, "loc": sizes[name], "loc_after": then[name]} for name in situation.contexts],
        "divisions": [
            {"context": context, "loc": then[context],
             "stays": then[context] - sum(part.lines for part in parts),
             "calls": parts[0].after.calls - parts[0].before.calls, "parts": [_one(part) for part in parts]}
            for context, parts in divided.items()
        ],
        "too_large": [{"path": path, "loc": lines} for path, lines in sorted(situation.lines.items())
                      if lines >= situation.limits.service and situation.now.get(path) != CORE],
        "unowned": sorted(path for path in situation.lines if not placement.get(path)),
    }  # fmt: skip


def suggestion_blocks(d: dict[str, Any]) -> list[Block]:
    """What to change and why, what it comes to, and what placement alone cannot do."""
    blocks: list[Block] = [Heading(f"Changes to the rules that are worth it: {len(d['suggestions'])}")]
    for one in d["suggestions"]:
        first, *more = one["paths"]
        rest = f" and {len(more)} more" if more else ""
        way = f"{one['from'] or 'nobody'} -> {one['to']}"
        blocks.append(Text(f"{one['number']}. {first}{rest} ({one['loc']:,} lines): {way}"))
        blocks.append(Text(f"     {one['reason']} Alone: {_difference(one['before'], one['after'])}."))
        if one["needs"]:
            blocks.append(Text(f"     only together with {', '.join(map(str, one['needs']))}", "warning"))
    if d["suggestions"]:
        before, after = d["before"], d["after"]
        rows = [("calls between services", f"{before['calls']:,}", f"{after['calls']:,}"),
                ("routes with tables of several", f"{before['transactions']:,}", f"{after['transactions']:,}"),
                ("lines over the limit", f"{before['overrun']:,}", f"{after['overrun']:,}"),
                ("services in circles of loads", f"{before['circular']:,}", f"{after['circular']:,}")]  # fmt: skip
        rows += [(name.strip(), shown(key, before["quality"][key]), shown(key, after["quality"][key]))
                 for key, name, *_ in FIGURES if not name.startswith(" ")]  # fmt: skip
        blocks += [Heading("What they come to"), Table(("figure", "now", "with all"), tuple(rows), ("now", "with all"))]
        blocks.append(Text("accept them: decompose suggest --accept N[,N], or --accept all"))
    if d["unowned"]:
        files = f"{counted(len(d['unowned']), 'file')} {'stay' if d['unowned'][1:] else 'stays'}"
        blocks.append(Text(f"{files} without an owner: no context has most of their calls", "warning"))
    limit = d["limits"]["service"]
    blocks.append(Heading(f"Contexts of {limit:,} lines and more: {len(d['divisions'])}"))
    for division in d["divisions"]:
        parts = division["parts"]
        divided = f"{len(parts)} part{'' if len(parts) == 1 else 's'}"
        told = f"{divided} of its own ({division['calls']:+,} calls between services)"
        blocks.append(Text(f"{division['context']}: {division['loc']:,} lines -> {division['stays']:,}, with {told}"))
        blocks.append(Table(("part", "files", "lines"),
                            tuple((part["to"], str(len(part["paths"])), f"{part['loc']:,}") for part in parts),
                            ("files", "lines")))  # fmt: skip
    if d["divisions"]:
        if d["suggestions"]:
            blocks.append(Text("the lines are those with all changes above"))
        blocks.append(Text("placement cannot make code smaller: dead code to prune and files to split come first. To "
                           "divide one: decompose suggest --accept "
                           f"{'all,' if d['suggestions'] else ''}CONTEXT"))  # fmt: skip
    return blocks


def _one(one: Suggestion) -> dict[str, Any]:
    return {
        "number": one.number, "paths": list(one.paths), "loc": one.lines, "from": one.source, "to": one.target,
        "reason": one.reason, "before": _worth(one.before), "after": _worth(one.after), "needs": list(one.needs),
    }  # fmt: skip


def _worth(worth: Worth) -> dict[str, int]:
    return {"calls": worth.calls, "transactions": worth.transactions, "overrun": worth.overrun}


def _figures(situation: Situation, placement: Placement) -> dict[str, Any]:
    hard, quality = situation.hard(placement), situation.quality(placement)
    return {"calls": situation.crossing(placement), "transactions": quality.shared, "overrun": hard.overrun,
            "over": hard.over, "circular": hard.circular, "tables_twice": hard.tables_twice,
            "quality": quality_document(quality)}  # fmt: skip


def _difference(before: dict[str, int], after: dict[str, int]) -> str:
    told = f"{before['calls']:,} -> {after['calls']:,} calls between services"
    if before["transactions"] != after["transactions"]:
        told += f", {before['transactions']:,} -> {after['transactions']:,} routes with tables of several"
    if before["overrun"] != after["overrun"]:
        told += f", {before['overrun']:,} -> {after['overrun']:,} lines over the limit"
    return told
