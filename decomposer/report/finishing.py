"""How the monolith's end stands, as a document and as blocks for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from decomposer.report.blocks import Block, Heading, Table, Text

if TYPE_CHECKING:
    from decomposer.model.finishing import Standing


def finish_document(found: Sequence[Standing], step: str) -> dict[str, Any]:
    """All steps in order, what is in the way of each, and the one that is `next`, "" where none can be made."""
    return {
        "version": 1,
        "steps": [
            {"name": one.name, "what": one.what, "state": one.mark.value,
             "problems": [{"code": problem.code, "path": problem.path, "line": problem.line, "message": problem.message,
                           "hint": problem.hint, "severity": problem.severity} for problem in one.problems]}
            for one in found
        ],
        "next": step,
    }  # fmt: skip


def finish_blocks(document: dict[str, Any]) -> list[Block]:
    """A table in order, what is in the way, and what is next."""
    steps = document["steps"]
    blocks: list[Block] = [
        Heading("The end of the monolith"),
        Table(("step", "state", "what"), tuple((one["name"], one["state"], one["what"]) for one in steps)),
    ]
    ways: dict[tuple[str, ...], list[str]] = {}
    for one in steps:
        lines = tuple(_line(problem) for problem in one["problems"])
        if lines:
            ways.setdefault(lines, []).append(one["name"])
    for lines, names in ways.items():
        blocks += [Text(f"in the way of {', '.join(names)}:"), *(Text(f"  {line}") for line in lines)]
    if document["next"]:
        blocks.append(Text(f"next: decompose finish {document['next']}"))
    elif all(one["state"] in ("done", "nothing to do") for one in steps):
        blocks.append(Text("the monolith is retired", "good"))
    else:
        blocks.append(Text("no step can be made before that"))
    return blocks


def _line(problem: dict[str, Any]) -> str:
    place = f"{problem['path']}:{problem['line']}" if problem["line"] else problem["path"]
    return f"{place}: {problem['message']} ({problem['hint']})"
