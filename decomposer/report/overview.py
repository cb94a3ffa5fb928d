"""The analysis document as blocks for a person: figures first, then what to do about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from decomposer.model.counting import counted
from decomposer.report.blocks import Block, Heading, Table, Text
from decomposer.report.quality import agreement_blocks, earlier_blocks, quality_blocks

MOST = 10
"""Rows of a list that the overview shows; the JSON has them all."""


def overview(document: dict[str, Any]) -> list[Block]:
    """All sections of the report; an empty section says so in a line instead of being left out."""
    sections = (
        _figures, _contexts, _limits, _unassigned, _coupling, quality_blocks, earlier_blocks,
        _against, _tables, _reach, _cycles, _unresolved, _phases, _problems,
    )  # fmt: skip
    return [block for section in sections for block in section(document)]


def _figures(d: dict[str, Any]) -> Iterator[Block]:
    config, services, routers = d["config"], d["services"], d["routers"]
    place = "/".join(filter(None, (config["source"], config["package"])))
    yield Heading(f"The monolith: {place}")
    origin = f" ({config['origin']})" if config["origin"] else ""
    yield Text(f"package {config['package']}, entry {', '.join(config['entries']) or 'none found'}{origin}")
    rows = [("modules", _n(d["monolith"]["modules"]), _n(d["monolith"]["loc"]))]
    if services["files_recursive"]:
        rows.append(("service files", _n(services["files"]), _n(services["loc"])))
        rows.append(("  with sub-packages", _n(services["files_recursive"]), _n(services["loc_recursive"])))
        rows.append((f"  over {d['limits']['file']} lines", _n(services["over_limit"]), ""))
        largest = services["largest"]
        rows.append((f"  largest: {largest['path'].removeprefix(place + '/')}", "", _n(largest["loc"])))
    if routers["files"]:
        rows.append(("router files", _n(routers["files"]), ""))
    rows.append(("tables", _n(len(d["tables"])), ""))
    rows.append(("routes served", _n(routers["routes"]), ""))
    rows.append(("  paths / operations", f"{_n(routers['paths'])} / {_n(routers['operations'])}", ""))
    yield Table(("what", "count", "lines"), tuple(rows), ("count", "lines"))


def _contexts(d: dict[str, Any]) -> Iterator[Block]:
    yield Heading("Contexts")
    limits = d["limits"]
    rows = [
        (str(c["phase"]), c["name"], _n(c["files"]), _n(c["loc"]), _n(c["routes"]), _n(c["tables"]),
         _n(c["files_over_limit"]), c["verdict"], c["status"])
        for c in d["contexts"]
    ]  # fmt: skip
    nobody = d["unassigned"]
    if nobody:
        rows.append(("", "unassigned", _n(len(nobody)), _n(sum(u["loc"] for u in nobody)), "", "", "", "", ""))
    columns = (
        "phase",
        "context",
        "files",
        "lines",
        "routes",
        "tables",
        f"over {limits['file']}",
        "size",
        "status",
    )
    yield Table(columns, tuple(rows), ("phase", "files", "lines", "routes", "tables", f"over {limits['file']}"))
    yield Text(f"limit {_n(limits['service'])} lines a service, target {_n(limits['service_target'])}")
    if len(d["contexts"]) == 1:
        yield Text("No rule files: `decompose init` writes a starting rule file per group of routers.", "warning")


def _limits(d: dict[str, Any]) -> Iterator[Block]:
    over = d["files_over_limit"]
    yield Heading(f"Files over {d['limits']['file']} lines: {_n(len(over))}")
    owners = {f["path"]: f["context"] for f in d["files"]}
    if over:
        rows = tuple((_n(f["loc"]), f["path"], owners.get(f["path"]) or "unassigned") for f in over[:MOST])
        yield Table(("lines", "file", "context"), rows, ("lines",))
    yield from _more(len(over))


def _unassigned(d: dict[str, Any]) -> Iterator[Block]:
    found = d["unassigned"]
    yield Heading(f"Files that no context owns: {_n(len(found))}")
    if found:
        rows = tuple((u["path"], u["suggestion"] or "-", "; ".join(u["evidence"]) or u["reason"]) for u in found[:MOST])
        yield Table(("file", "suggestion", "evidence"), rows)
    yield from _more(len(found))


def _coupling(d: dict[str, Any]) -> Iterator[Block]:
    yield Heading("Coupling between contexts (references, row uses column)")
    matrix = {(m["from"], m["to"]): m["references"] for m in d["coupling"]["matrix"]}
    names = [c["name"] for c in d["contexts"]]
    if any("unassigned" in pair for pair in matrix):
        names.append("unassigned")
    rows = tuple((a, *(str(matrix.get((a, b), "·")) for b in names)) for a in names)
    short = tuple(name[:10] for name in names)
    yield Table(("", *short), rows, short)
    heaviest = d["coupling"]["heaviest"]
    if heaviest:
        yield Heading("Heaviest references between contexts, and what would remove them")
        place = "/".join(filter(None, (d["config"]["source"], d["config"]["package"]))) + "/"
        yield Table(
            ("refs", "from", "to", "what would remove it"),
            tuple((str(h["references"]), f"{h['source'].removeprefix(place)} ({h['from']})",
                   f"{h['target'].removeprefix(place)} ({h['to']})", h["remedy"]) for h in heaviest),
            ("refs",),
        )  # fmt: skip


def _against(d: dict[str, Any]) -> Iterator[Block]:
    yield from agreement_blocks(d, MOST)


def _tables(d: dict[str, Any]) -> Iterator[Block]:
    shared = [t for t in d["tables"] if len(set(t["used_by"]) - {"core"}) > 1]
    yield Heading(f"Tables used by several contexts: {_n(len(shared))} of {_n(len(d['tables']))}")
    shared.sort(key=lambda t: (-len(t["used_by"]), t["name"]))
    if shared:
        rows = tuple((t["name"], t["context"] or "unassigned", ", ".join(t["used_by"])) for t in shared[:MOST])
        yield Table(("table", "owner", "used by"), rows)
    yield from _more(len(shared))


def _reach(d: dict[str, Any]) -> Iterator[Block]:
    yield Heading("What the entry points reach (evidence, not a verdict)")
    entries = d["entries"]
    yield Table(
        ("looked from", "entry", "reaches"),
        tuple((e["kind"], e["name"], _n(e["reaches"])) for e in entries[:MOST]), ("reaches",),
    )  # fmt: skip
    yield from _more(len(entries))
    dynamic = d["only_dynamically_reached"]
    if dynamic:
        yield Text(f"only through a name table or dynamic import: {', '.join(p.rpartition('/')[2] for p in dynamic)}")
    missed = d["unreachable"]
    if missed:
        yield Text(f"{counted(len(missed), 'file')} ({counted(sum(u['loc'] for u in missed), 'line')}) "
                   f"{'are' if missed[1:] else 'is'} not reached:")
        beliefs = Counter(u["belief"] for u in missed)
        lines = {b: sum(u["loc"] for u in missed if u["belief"] == b) for b in beliefs}
        yield Table(
            ("what speaks for them", "files", "lines"),
            tuple((b, _n(n), _n(lines[b])) for b, n in sorted(beliefs.items(), key=lambda i: (-i[1], i[0]))),
            ("files", "lines"),
        )  # fmt: skip


def _cycles(d: dict[str, Any]) -> Iterator[Block]:
    yield Heading(f"Cycles of load edges: {_n(len(d['cycles']))}")
    for cycle in d["cycles"][:MOST]:
        shown = ", ".join(cycle[:6]) + (f", … {len(cycle) - 6} more" if len(cycle) > 6 else "")
        yield Text(f"{len(cycle)} modules: {shown}", "warning")
    yield from _more(len(d["cycles"]))


def _unresolved(d: dict[str, Any]) -> Iterator[Block]:
    found = d["unresolved"]
    imports = [u for u in found if u["kind"] in ("load", "lazy", "typing", "optional")]
    place = "/".join(filter(None, (d["config"]["source"], d["config"]["package"]))) + "/"
    statements = {(u["path"], u["line"]) for u in imports}
    inside = sum(1 for path, _ in statements if path.startswith(place))
    told = f"{_n(inside)} import statements in the package, {_n(len(statements) - inside)} around it"
    yield Heading(f"References that cannot be resolved: {_n(len(found))} ({told})")
    if found:
        yield Table(
            ("where", "kind", "why", "meant"),
            tuple((f"{u['path']}:{u['line']}", u["kind"], u["reason"], u["meant"] or "-") for u in found[:MOST]),
        )
    yield from _more(len(found))


def _phases(d: dict[str, Any]) -> Iterator[Block]:
    yield Heading("Phases, and what stands in the way of each")
    for phase in d["phases"]:
        blocked = phase["blocked_by"]
        yield Text(f"{phase['phase']}. {', '.join(phase['contexts'])}" + ("" if blocked else ": nothing in the way"))
        for block in blocked:
            yield Text(f"     {block}")


def _problems(d: dict[str, Any]) -> Iterator[Block]:
    found = d["problems"]
    if not found:
        return
    yield Heading(f"Problems: {_n(len(found))}")
    idle = [p for p in found if p["code"] == "rule-matches-nothing"]
    if len(idle) > MOST:
        yield Text(f"{_n(len(idle))} patterns in the rule files match no file (all in --format json)", "warning")
        found = [p for p in found if p["code"] != "rule-matches-nothing"]
    for p in found:
        place = f"{p['path']}:{p['line']}" if p["line"] else p["path"]
        hint = f" ({p['hint']})" if p["hint"] else ""
        yield Text(f"{place}: {p['message']}{hint}", "bad" if p["severity"] == "error" else "warning")


def _more(count: int) -> Iterator[Block]:
    if count > MOST:
        yield Text(f"… and {_n(count - MOST)} more in --format json")


def _n(number: int) -> str:
    return f"{number:,}"
