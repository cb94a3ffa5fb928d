"""Outcomes as tables: for the terminal, or in Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from benchmarks.movebench.cases import VARIANTS
from benchmarks.movebench.running import LEFT_OUT, PASSED, Outcome

Row = Sequence[str]


def summarize(outcomes: Sequence[Outcome], versions: Mapping[str, str | None]) -> list[Row]:
    """A row for each tool: its version, and how many cases passed in each variant and in all of theirs."""
    rows: list[Row] = [("tool", "version", *VARIANTS, "in both")]
    for tool, version in versions.items():
        if version is None:
            rows.append((tool, "not installed", *("" for _ in VARIANTS), ""))
            continue
        own = [outcome for outcome in outcomes if outcome.tool == tool and outcome.verdict != LEFT_OUT]
        each = [share([one for one in own if one.variant == variant]) for variant in VARIANTS]
        rows.append((tool, version, *each, share(own)))
    return rows


def by_group(outcomes: Sequence[Outcome]) -> list[Row]:
    """A row for each group of cases and a column for each tool: cases that passed in every variant."""
    tools = list(dict.fromkeys(outcome.tool for outcome in outcomes))
    groups = list(dict.fromkeys(outcome.case.partition("/")[0] for outcome in outcomes))
    rows: list[Row] = [("group", "cases", *tools)]
    for group in groups:
        own = [outcome for outcome in outcomes if outcome.case.partition("/")[0] == group]
        count = len({outcome.case for outcome in own})
        passed = (
            share([one for one in own if one.tool == tool and one.verdict != LEFT_OUT], count) for tool in tools
        )
        rows.append((group, str(count), *passed))
    return rows


def share(outcomes: Sequence[Outcome], of: int | None = None) -> str:
    """Cases all of whose outcomes are good, and of how many if that is not `of`."""
    cases = {outcome.case for outcome in outcomes}
    good = cases - {outcome.case for outcome in outcomes if outcome.verdict != PASSED}
    return str(len(good)) if len(cases) == of else f"{len(good)} / {len(cases)}"


def as_text(rows: Sequence[Row]) -> Iterator[str]:
    """Columns under each other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def as_markdown(rows: Sequence[Row], words: int) -> Iterator[str]:
    """A table whose first so many columns are words and whose others are numbers."""
    first, *rest = (f"| {' | '.join(row)} |" for row in rows)
    yield from (first, "|" + "---|" * words + "--:|" * (len(rows[0]) - words), *rest)


def failures(outcomes: Sequence[Outcome], lines: int) -> Iterator[str]:
    """What did not pass, with the last lines of why."""
    for one in outcomes:
        if one.why and one.verdict != LEFT_OUT:
            yield f"{one.tool}: {one.case} ({one.variant})"
            yield from (f"    {line}" for line in (one.why.splitlines()[-lines:] if lines else ()))


def read_json(texts: Sequence[str]) -> tuple[list[Outcome], dict[str, str | None]]:
    """The outcomes and versions that `as_json` has written, run after run: of one thing the last one counts."""
    runs = [json.loads(text) for text in texts]
    versions = {tool: version for run in runs for tool, version in run["versions"].items()}
    found = [Outcome(**one) for run in runs for one in run["outcomes"]]
    last = {(one.tool, one.case, one.variant): one for one in found}
    order = list(versions)
    return sorted(last.values(), key=lambda one: (order.index(one.tool), one.case, one.variant)), versions


def as_json(outcomes: Sequence[Outcome], versions: Mapping[str, str | None]) -> str:
    """Everything, for whoever counts otherwise."""
    return json.dumps({"versions": versions, "outcomes": [asdict(one) for one in outcomes]}, indent=1) + "\n"
