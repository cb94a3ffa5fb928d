"""How far each context has come, as a document and as blocks for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from decomposer.model.problems import Problem
from decomposer.planning.states import Amount, Progress, Standing, State
from decomposer.report.blocks import Block, Heading, Table, Text


def status_document(
    found: Sequence[Progress], step: str, has_baseline: bool, left: Sequence[Problem] = ()
) -> dict[str, Any]:
    """All contexts with their states and figures; `next` is the command that comes next, "" when all is done.

    `left` are files that have the monolith, though it is said to be retired there.
    """
    return {
        "version": 1,
        "contexts": [
            {
                "name": item.name, "phase": item.phase, "state": item.state.value,
                "certificate": item.certificate.value,
                "moved": {"files": item.moved.files, "loc": item.moved.lines},
                "left": {"files": item.left.files, "loc": item.left.lines},
                "copied": {"files": item.copied.files, "loc": item.copied.lines},
                "operations": item.operations, "routed": item.routed, "next": item.next,
            }
            for item in found
        ],
        "baseline": has_baseline,
        "not_retired": [{"path": one.path, "line": one.line, "message": one.message} for one in left],
        "next": step,
    }  # fmt: skip


def status_blocks(
    found: Sequence[Progress], step: str, has_baseline: bool, left: Sequence[Problem] = ()
) -> list[Block]:
    """A table in the order of phases, and what is next."""
    rows = tuple(
        (str(item.phase), item.name, _state(item), _worth(item), _told(item.moved), _told(item.left),
         _told(item.copied), "-" if item.operations is None else f"{item.operations:,}", item.next or "-")
        for item in found
    )  # fmt: skip
    columns = ("phase", "context", "state", "certificate", "moved", "left", "copied", "operations", "next")
    blocks: list[Block] = [
        Heading("Contexts"),
        Table(columns, rows, ("phase", "moved", "left", "copied", "operations")),
        Text("moved, left in the monolith, and copied from other contexts: files / lines"),
    ]
    failing = [item.name for item in found if item.certificate is Standing.FAILS]
    if failing:
        why = ", ".join(f".decompose/certificates/{name}.md" for name in failing)
        blocks.append(Text(f"why the certificate does not hold: {why}", "bad"))
    if not has_baseline and any(item.state is not State.PLANNED for item in found):
        blocks.append(Text("no baseline was recorded before the first step: take it back (decompose rollback), record "
                           "one (decompose verify --baseline), and make the step again", "warning"))  # fmt: skip
    blocks += [Text(one.render(), "warning") for one in left]
    away = all(item.state is State.CUT_OVER or item.name == "core" for item in found)
    told = "everything is cut over: decompose finish" if away else "nothing leads to the monolith: decompose finish"
    blocks.append(Text(f"next: {step}") if step else Text(told, "good"))
    return blocks


def _state(item: Progress) -> str:
    return f"{item.state.value} {item.routed} %" if item.state is State.ROUTED else item.state.value


def _worth(item: Progress) -> str:
    return "-" if item.certificate is Standing.NONE else item.certificate.value


def _told(amount: Amount) -> str:
    return f"{amount.files:,} / {amount.lines:,}" if amount.files else "-"
