"""Why something is where it is: its owner, the rule or the evidence, and its edges by context."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import to_builtins

from decomposer.assigning.owners import Assignment
from decomposer.model.config import Config, RuleSet
from decomposer.model.counting import counted
from decomposer.model.edges import Graph
from decomposer.model.near import did_you_mean
from decomposer.model.problems import DecomposerError, Problem
from decomposer.planning.settling import Settled
from decomposer.report.blocks import Block, Heading, Table, Text
from decomposer.report.dependencies import call_blocks, context_blocks, problem_blocks
from decomposer.report.explained_folder import edge_rows, find_folder, folder_explanation, module_blocks


def explanation(
    subject: str, config: Config, rule_set: RuleSet, graph: Graph, assignment: Assignment,
    settled: Callable[[str], Iterable[Settled]],
) -> dict[str, Any]:  # fmt: skip
    """All that is known of a path, module, folder, route (`[METHOD ]/path`) or table.

    `settled` gives how a module's use by other contexts is settled.

    Raises DecomposerError, with the nearest names, when nothing is called so.
    """
    path, what = _find(subject, config, graph, [context.name for context in rule_set.contexts])
    if what == "folder":
        return folder_explanation(subject, path, config, rule_set, graph, assignment)
    owner = assignment.owners.get(path)
    node = next(node for node in graph.nodes if node.path == path)
    contexts = {n.name: assignment.context(n.path) or n.role for n in graph.nodes}
    context = owner.context if owner else ""
    described = rule_set.context(context)
    return {
        "subject": subject, "what": what, "path": path, "module": node.name, "loc": node.lines,
        "context": context, "phase": described.phase if described else (1 if context == "core" else None),
        "reason": owner.reason if owner else "a file outside the package has no owner",
        "rule": owner.rule if owner else "", "suggestion": owner.suggestion if owner else "",
        "evidence": list(owner.evidence) if owner else [], "error": node.error,
        "routes": [f"{r.method} {r.path}" for r in graph.routes if r.source == path and r.entry],
        "tables": [t.name for t in graph.tables if t.path == path],
        "modules": [],
        "settled": [to_builtins(one) for one in settled(node.name)] if node.role in ("module", "package") else [],
        "uses": edge_rows([(e, contexts.get(e.target, "")) for e in graph.edges if e.path == path]),
        "used_by": edge_rows([(e, contexts.get(e.source, "")) for e in graph.edges
                              if e.target == node.name and e.path != path]),
    }  # fmt: skip


def _find(subject: str, config: Config, graph: Graph, contexts: list[str]) -> tuple[str, str]:
    """The path that a subject means, and what kind of subject it is.

    Of a module and a folder of one name the module is meant, but where it is the folder's own `__init__.py`.
    """
    root = config.root()
    for node in graph.nodes:
        if node.path in (subject, f"{root}/{subject}", f"{config.source}/{subject}"):
            return node.path, "file"
    for node in graph.nodes:
        if node.name in (subject, f"{config.package}.{subject}") and node.role != "package":
            return node.path, "module"
    folder = find_folder(subject, config, graph)
    if folder:
        return folder, "folder"
    for table in graph.tables:
        if subject in (table.name, table.class_name):
            return table.path, f"table {table.name}, class {table.class_name}, line {table.line}"
    method, _, wanted = subject.rpartition(" ")
    for route in graph.routes:
        if route.path == wanted and route.entry and method.upper() in ("", route.method):
            return (
                route.source,
                f"route {route.method} {route.path}, answered by {route.handler}, line {route.line}",
            )
    names = [n.name for n in graph.nodes] + [n.path for n in graph.nodes] + [t.name for t in graph.tables]
    names += [*(r.path for r in graph.routes), *contexts]
    hint = did_you_mean(subject, dict.fromkeys(names), "see `decompose analyze`", "", 3)
    raise DecomposerError(Problem(subject, 0, "not-found", "nothing in the repository is called so", hint))


def explanation_blocks(told: dict[str, Any]) -> list[Block]:
    """The explanation for a person."""
    if told["what"] == "context":
        return context_blocks(told)
    whole = bool(told["modules"])
    is_mixed = len({module["context"] for module in told["modules"]}) > 1
    owner = told["context"] or ("several contexts" if is_mixed else "nobody")
    phase = f" (phase {told['phase']})" if told["phase"] else ""
    count = f"{len(told['modules'])} modules, " if whole else ""
    blocks: list[Block] = [
        Heading(f"{told['module']}: {owner}{phase}"),
        Text(f"{told['what']}: {told['path']}, {count}{told['loc']:,} lines"),
        Text(f"why: {told['reason']}" + (f" [{told['rule']}]" if told["rule"] else "")),
    ]
    if told["error"]:
        blocks.append(Text(told["error"], "bad"))
    if told["suggestion"]:
        blocks.append(Text(f"suggestion: {told['suggestion']}; {'; '.join(told['evidence'])}", "warning"))
    for what in ("routes", "tables"):
        if told[what]:
            blocks.append(Text(f"{what}: {len(told[what])}" if whole else f"{what}: {', '.join(told[what])}"))
    if whole:
        blocks += module_blocks(told)
    if told["settled"]:
        rows = tuple((s["context"], s["policy"], f"{s['path']}:{s['line']}",
                      s["reason"] + (f" [{s['rule']}]" if s["rule"] else "")) for s in told["settled"])  # fmt: skip
        blocks += [Heading("When these contexts leave"), Table(("context", "policy", "needed at", "why"), rows)]
        blocks += [*problem_blocks(told), *call_blocks(told["settled"])]
    blocks += _table("Uses", told["uses"], "" if whole else "target")
    blocks += _table("Used by", told["used_by"], "" if whole else "source")
    return blocks


def _table(title: str, rows: list[dict[str, Any]], other: str) -> list[Block]:
    """One line for each module and kind of reference: how many, the first place, the names; the JSON has all.

    `other` says which end the module is, "" to tell contexts alone.
    """
    if not rows:
        return [Heading(f"{title}: nothing")]
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        module = (row[other] or f"? {row['reason']}",) if other else ()
        groups.setdefault((row["context"], *module, row["kind"]), []).append(row)
    return [
        Heading(f"{title}: {counted(len(rows), 'reference')}"),
        Table(
            ("context", *([other] if other else []), "kind", "count", "first at", "names"),
            tuple(
                (*key, str(len(found)), f"{found[0]['path']}:{found[0]['line']}", _names(found))
                for key, found in groups.items()
            ),
            ("count",),
        ),
    ]


def _names(rows: list[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row["names"]))
    return ", ".join(names[:6]) + (f", … {len(names) - 6} more" if len(names) > 6 else "")
