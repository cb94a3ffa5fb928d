"""What is in a folder: whose its modules are, and what leads into the folder and out of it."""

from __future__ import annotations

from typing import Any

from decomposer.assigning.owners import Assignment
from decomposer.model.config import Config, RuleSet
from decomposer.model.edges import Edge, Graph, Node
from decomposer.report.blocks import Block, Heading, Table

_OWNED = ("module", "package")
NAMED = 8
"""So many modules of each context are named in the text; the JSON has all."""


def find_folder(subject: str, config: Config, graph: Graph) -> str:
    """The folder that a path or a dotted name means, "" where there is none with a module in it."""
    plain = subject.rstrip("/")
    written = [plain] if "/" in plain else [plain.replace(".", "/"), plain]
    bases = ("", config.source, config.root())
    for folder in [f"{base}/{path}".strip("/") for path in written for base in bases]:
        if folder and any(_is_module(node) and node.path.startswith(f"{folder}/") for node in graph.nodes):
            return folder
    return ""


def folder_explanation(
    subject: str, folder: str, config: Config, rule_set: RuleSet, graph: Graph, assignment: Assignment
) -> dict[str, Any]:
    """All that is known of a folder, in the form of a file's explanation: with its `modules`."""
    nodes = sorted((n for n in graph.nodes if _is_module(n) and n.path.startswith(f"{folder}/")), key=_by_path)
    names = {node.name for node in nodes}
    owners = {node.path: assignment.context(node.path) or ("" if node.role in _OWNED else node.role) for node in nodes}
    contexts = sorted(set(owners.values()))
    context = contexts[0] if len(contexts) == 1 else ""
    described = rule_set.context(context)
    everyone = {n.name: assignment.context(n.path) or n.role for n in graph.nodes}
    package = next((node for node in nodes if node.path == f"{folder}/__init__.py"), None)
    dotted = folder.removeprefix(f"{config.source}/" if config.source else "").replace("/", ".")
    return {
        "subject": subject, "what": "package" if package else "folder", "path": folder,
        "module": package.name if package else dotted, "loc": sum(node.lines for node in nodes),
        "context": context, "phase": described.phase if described else (1 if context == "core" else None),
        "reason": _reason(contexts), "rule": "", "suggestion": "", "evidence": [], "error": "",
        "routes": [f"{r.method} {r.path}" for r in graph.routes if r.source in owners and r.entry],
        "tables": [t.name for t in graph.tables if t.path in owners],
        "settled": [],
        "modules": [{"module": node.name, "path": node.path, "loc": node.lines, "context": owners[node.path]}
                    for node in nodes],
        "uses": edge_rows([(e, everyone.get(e.target, "")) for e in graph.edges
                           if e.path in owners and e.target not in names]),
        "used_by": edge_rows([(e, everyone.get(e.source, "")) for e in graph.edges
                              if e.target in names and e.path not in owners]),
    }  # fmt: skip


def edge_rows(edges: list[tuple[Edge, str]]) -> list[dict[str, Any]]:
    """Edges as rows in order, each given with the context at its other end."""
    rows = [
        {"context": context or "unresolved", "source": e.source, "target": e.target or None, "kind": e.kind,
         "path": e.path, "line": e.line, "names": list(e.names), "reason": e.reason}
        for e, context in edges
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row["context"], row["target"] or "", row["path"], row["line"], row["kind"]))


def module_blocks(told: dict[str, Any]) -> list[Block]:
    """The modules of a folder, a line for each context."""
    rows: list[tuple[str, ...]] = []
    for context in sorted({module["context"] for module in told["modules"]}):
        found = [module for module in told["modules"] if module["context"] == context]
        below = [module["module"].removeprefix(f"{told['module']}.") for module in found]
        named = ", ".join(below[:NAMED]) + (f", … {len(below) - NAMED} more" if len(below) > NAMED else "")
        lines = sum(module["loc"] for module in found)
        rows.append((context or "unassigned", str(len(found)), f"{lines:,}", named))
    title = f"Modules: {len(told['modules'])}, {told['loc']:,} lines"
    return [Heading(title), Table(("context", "files", "lines", "modules"), tuple(rows), ("files", "lines"))]


def _is_module(node: Node) -> bool:
    return node.path.endswith(".py")


def _by_path(node: Node) -> str:
    return node.path


def _reason(contexts: list[str]) -> str:
    if len(contexts) > 1:
        return f"its modules are of {len(contexts)} contexts"
    return f"all its modules are {contexts[0]}'s" if contexts[0] else "no rule claims any of its modules"
