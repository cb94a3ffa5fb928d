"""What a context needs of others, how it is settled, and what of it could be called over HTTP."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import to_builtins

from decomposer.model.config import Context
from decomposer.model.counting import counted
from decomposer.model.problems import Problem
from decomposer.planning.settling import Settled
from decomposer.report.blocks import Block, Heading, Table, Text

OBSTACLES = 4
"""So many obstacles of each module are told in the text; the JSON has all."""


def context_explanation(context: Context, needs: Iterable[Settled]) -> dict[str, Any]:
    """The document of `explain CONTEXT`."""
    rows = [to_builtins(one) for one in needs]
    return {"subject": context.name, "what": "context", "context": context.name, "phase": context.phase,
            "description": context.description, "needs": rows}  # fmt: skip


def context_blocks(told: dict[str, Any]) -> list[Block]:
    """The same for a person."""
    needs = told["needs"]
    blocks: list[Block] = [
        Heading(f"{told['context']} (phase {told['phase']})"),
        Text(f"{told['description'] or 'no description'}; `decompose analyze` has its files"),
    ]
    if not needs:
        return [*blocks, Text("It needs nothing of other contexts.", "good")]
    count = Counter(need["policy"] for need in needs)
    said = ", ".join(f"{count[policy]} {policy}" for policy in ("share", "client", "copy", "deny") if count[policy])
    blocks.append(Heading(f"Needs of others: {counted(len(needs), 'module')}, {said}"))
    rows = tuple(
        (need["module"], need["owner"] or "nobody", need["policy"], _verdict(need), f"{need['path']}:{need['line']}",
         ("" if need["is_direct"] else "only what it carries needs it; ")
         + need["reason"] + (f" [{need['rule']}]" if need["rule"] else ""))
        for need in needs
    )  # fmt: skip
    blocks.append(Table(("module", "owner", "policy", "over HTTP", "needed at", "why"), rows))
    return [*blocks, *problem_blocks(told), *call_blocks(needs)]


def problem_blocks(told: dict[str, Any]) -> list[Block]:
    """What is in the way of the calls, a line each."""
    return [Text(Problem(**problem).render(), "bad") for problem in told.get("problems", ())]


def call_blocks(needs: Sequence[dict[str, Any]]) -> list[Block]:
    """What is used of logic of others, and what keeps it from being called over HTTP."""
    logic = [need for need in needs if need["symbols"]]
    if not logic:
        return []
    rows: list[tuple[str, ...]] = []
    for need in logic:
        stuck = [symbol for symbol in need["symbols"] if symbol["reason"]]
        if not stuck:
            names = list(dict.fromkeys(symbol["name"] for symbol in need["symbols"]))
            shown = ", ".join(names[:6]) + (f", … {len(names) - 6} more" if len(names) > 6 else "")
            rows.append((need["context"], need["module"], shown, "", "can be called over HTTP", ""))
        for symbol in stuck[:OBSTACLES]:
            rows.append((need["context"], need["module"], symbol["name"], f"{symbol['path']}:{symbol['line']}",
                         symbol["reason"], symbol["change"]))  # fmt: skip
        if len(stuck) > OBSTACLES:
            rows.append((need["context"], need["module"], f"… {len(stuck) - OBSTACLES} more", "", "", ""))
    caught = tuple((f"{one['path']}:{one['line']}", one["message"], one["hint"])
                   for need in logic for one in need["caught"])  # fmt: skip
    libraries = [Table(("at", "exceptions of libraries", "smallest change"), caught)] if caught else []
    return [
        Heading("As clients"),
        Text('Other choices: share the module (policy = "share"), or move it to the context that uses it.'),
        Table(("context", "module", "used", "at", "what stands in the way", "smallest change"), tuple(rows)),
        *libraries,
    ]


def _verdict(need: dict[str, Any]) -> str:
    """Whether what is used of a module could be called over HTTP, in a word or two."""
    if not need["symbols"]:
        return ""
    stuck = len({symbol["name"] for symbol in need["symbols"] if symbol["reason"]})
    return f"{stuck} of {len({symbol['name'] for symbol in need['symbols']})} cannot" if stuck else "possible"
