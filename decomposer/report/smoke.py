"""What came of asking both sides the same, as blocks for a person."""

from __future__ import annotations

from collections.abc import Iterator

from decomposer.model.smoke import Difference, OfContext, Smoke
from decomposer.report.blocks import Block, Heading, Table, Text

SHOWN = 10
"""So many differences of a context are shown; the others are in JSON."""
_COLUMNS = ("context", "operations", "2xx on both", "requests", "equal", "different", "unstable")


def smoke_blocks(found: Smoke) -> list[Block]:
    """The verdict, the figures by context, the differences, and what the comparison is worth."""
    return list(_blocks(found))


def _blocks(found: Smoke) -> Iterator[Block]:
    yield Heading("the monolith and its services, asked the same")
    total = total_of(found)
    if found.holds():
        yield Text(f"{total.equal:,} of {total.requests:,} requests were answered alike, none differently.", "good")
    else:
        yield Text(f"{total.different:,} of {total.requests:,} requests were answered differently.", "bad")
    rows = tuple(_row(context.context or "(monolith)", context) for context in found.contexts)
    yield Table(_COLUMNS, (*rows, _row("in all", total)), _COLUMNS[1:])
    yield Text("\n".join(_worth(found, total)), "warning" if total.reached < total.operations / 4 else "")
    for context in found.contexts:
        listed = [one for one in found.differences if one.context == context.context]
        for one in listed[:SHOWN]:
            yield Text("\n".join(_told(one)), "bad")
        if len(listed) > SHOWN:
            yield Text(f"… {len(listed) - SHOWN} more of {context.context or 'the monolith'}: --format json has all")


def total_of(found: Smoke) -> OfContext:
    """The figures of all contexts together."""
    names = ("operations", "reached", "requests", "equal", "different", "unstable", "masked")
    return OfContext("", *(sum(getattr(context, name) for context in found.contexts) for name in names))


def _row(name: str, of: OfContext) -> tuple[str, ...]:
    figures = (of.operations, of.reached, of.requests, of.equal, of.different, of.unstable)
    return (name, *(f"{figure:,}" for figure in figures))


def _worth(found: Smoke, total: OfContext) -> Iterator[str]:
    hint = " (credentials go in with --header, data with --data)" if total.reached < total.operations else ""
    yield f"{total.reached:,} of {total.operations:,} operations gave a 2xx on both sides; what only refuses proves " \
        f"little{hint}."  # fmt: skip
    yield f"{found.linked:,} requests took ids from earlier answers; {total.masked:,} values differ from one run of " \
        "the monolith to the next and were compared in form only."  # fmt: skip
    if total.unstable:
        yield f"Not compared, since the monolith itself answers with one status or another: {total.unstable:,}."
    yield from found.notes
    yield f"seed {found.seed}: the same seed makes the same requests."


def _told(one: Difference) -> Iterator[str]:
    before, after = one.statuses
    yield f"{one.operation}: {one.place} (request {one.number}, {before or 'no answer'} -> {after or 'no answer'})"
    asked = ("expected", "answered") if one.place.startswith("answered by") else ("monolith", "through nginx")
    yield f"  {asked[0]}: {one.before}"
    yield f"  {asked[1]}: {one.after}"
    yield f"  {one.request}"
