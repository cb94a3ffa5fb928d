"""How a module would be split, as blocks for a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from decomposer.report.blocks import Block, Heading, Table, Text

_SHOWN = 4


def split_blocks(d: dict[str, Any]) -> list[Block]:
    """The new modules, or why there are none, and the classes that are too long for any module."""
    blocks: list[Block] = [Heading(f"{d['module']}: {d['loc']:,} lines, {d['limit']:,} allowed")]
    if d["parts"]:
        rows = tuple((part["module"] + " (stays)" * part["stays"], f"{part['loc']:,}", _listed(part["names"]))
                     for part in d["parts"])  # fmt: skip
        blocks += [Table(("module", "lines", "defines"), rows, ("lines",))]
    else:
        where = f" ({d['walked']} uses the module as a value)" if d["walked"] else ""
        blocks.append(Text(f"it is not split: {d['why_not']}{where}", "warning"))
    blocks += [Text(told, "warning") for part in d["parts"] if (told := over_limit(part, d["limit"]))]
    blocks += [Text(f"{reason}: it stays") for reason in d["stays"]]
    for one in d["divided"]:
        blocks.append(Text(f"`{one['name']}` gets bases, in which its methods are: {', '.join(one['bases'])}"))
        if one["calls_across"]:
            blocks.append(Text(calls_across(one), "warning"))
    blocks += [Text(f"`{one['name']}` is not divided: {one['why_not']}", "warning") for one in d["undivided"]]
    for one in d["classes"]:
        blocks += _class(one)
    if d["classes"]:
        blocks.append(Text("LCOM4 counts the groups of methods that share no attribute and call none of each other: a "
                           "class with 1 does one thing"))  # fmt: skip
    into = f" --into {d['into']}" if d["into"] else ""
    if {one["name"] for one in d["classes"]} - {one["name"] for one in d["undivided"]}:
        blocks.append(Text(f"divide it, into bases with groups of its methods: decompose split {d['module']}{into} "
                           "--classes --plan"))  # fmt: skip
    if d["parts"]:
        classes = " --classes" if d["divided"] else ""
        blocks.append(Text(f"carry it out: decompose split {d['module']}{into}{classes}"))
    return blocks


def calls_across(one: dict[str, Any]) -> str:
    """What is to be said of calls between the new bases of a class."""
    (user, used), *more = one["calls_across"]
    told = f", as {len(more)} more do" if len(more) > 1 else ", as one more does" if more else ""
    return (f"`{one['name']}`: `{user}` calls `{used}`, which another base has{told}: that works, and who checks types "
            "does not see it")  # fmt: skip


def over_limit(part: dict[str, Any], limit: int) -> str:
    """What is to be said of a part that is over the limit for a file; "" for one that is not."""
    if part["loc"] <= limit:
        return ""
    return f"{part['module']} stays over the limit: {part['loc']:,} lines, {limit:,} allowed"


def class_lines(one: dict[str, Any]) -> str:
    """A class that is too long, and the groups of methods that could leave it, in a line."""
    told = "; ".join(f"{_listed(group['methods'])} ({group['loc']:,} lines)" for group in one["groups"][:_SHOWN])
    return f"`{one['name']}` has {one['loc']:,} lines (LCOM4 {one['lcom4']}); methods that could leave: {told}"


def _class(one: dict[str, Any]) -> Iterator[Block]:
    yield Heading(f"{one['name']}: {one['loc']:,} lines from line {one['line']:,} on, LCOM4 {one['lcom4']}")
    yield Text("too long for a module of its own; groups of methods that belong together:")
    rows = tuple((_listed(group["methods"]), f"{group['loc']:,}", f"{group['line']:,}", _listed(group["attributes"]))
                 for group in one["groups"])  # fmt: skip
    yield Table(("methods", "lines", "from line", "attributes of their own"), rows, ("lines", "from line"))


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
