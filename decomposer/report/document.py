"""The analysis as one JSON document: the single source of what every other format prints."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from decomposer.assigning.owners import Assignment
from decomposer.checks.coupling import Coupling
from decomposer.checks.limits import files_over_limit, service_size
from decomposer.checks.reachability import Reach
from decomposer.model.config import CORE, Config, RuleSet
from decomposer.model.edges import Graph, Node, Route
from decomposer.model.problems import Problem
from decomposer.owning.tables import table_users
from decomposer.planning.phases import Phase

Document = dict[str, Any]


def build_document(
    config: Config, rule_set: RuleSet, graph: Graph, assignment: Assignment, reach: Reach, coupled: Coupling,
    cycles: Sequence[tuple[str, ...]], phases: Sequence[Phase], problems: Sequence[Problem],
    states: Mapping[str, str],
) -> Document:  # fmt: skip
    """Everything `analyze` tells, with stable keys; all paths are relative to the repository."""
    inside = [node for node in graph.nodes if node.role in ("module", "package") or _is_inside(node, config)]
    lines = {node.path: node.lines for node in inside}
    served = [route for route in graph.routes if route.entry and route.entry == _main(config)]
    users = table_users(graph, assignment)
    return {
        "version": 1,
        "config": {"source": config.source, "package": config.package, "entries": list(config.entries),
                   "origin": config.origin},
        "monolith": {"modules": len(inside), "loc": sum(lines.values())},
        "services": _layer(inside, config, "services"),
        "routers": _routers(inside, config, served),
        "contexts": _contexts(config, rule_set, assignment, lines, served, graph, states),
        "files_over_limit": [{"path": size.name, "loc": size.lines} for size in files_over_limit(lines, config.limits)],
        "limits": {"service": config.limits.service, "service_target": config.limits.service_target,
                   "file": config.limits.file},
        "files": [_file(node, assignment) for node in inside],
        "tables": [{"name": table.name, "module": table.module, "class": table.class_name, "path": table.path,
                    "line": table.line, "context": assignment.context(table.path),
                    "used_by": users.get(table.name, [])} for table in graph.tables],
        "routes": [_route(route, assignment) for route in served],
        "unassigned": [{"path": owner.path, "loc": lines.get(owner.path, 0), "reason": owner.reason,
                        "suggestion": owner.suggestion, "evidence": list(owner.evidence)}
                       for path, owner in sorted(assignment.owners.items()) if not owner.context],
        "unresolved": [{"path": e.path, "line": e.line, "kind": e.kind, "names": list(e.names), "reason": e.reason,
                        "meant": e.meant} for e in graph.edges if not e.target],
        "cycles": [list(cycle) for cycle in cycles],
        "entries": [{"kind": kind, "name": name, "reaches": count} for kind, name, count in reach.entries],
        "only_dynamically_reached": list(reach.only_dynamically),
        "unreachable": [{"path": u.path, "loc": u.lines, "belief": u.belief, "reached_from": list(u.reached_from),
                         "named_in": list(u.named_in), "used_by": list(u.used_by)} for u in reach.unreached],
        "coupling": {
            "matrix": [{"from": a, "to": b, "references": n} for a, b, n in coupled.matrix],
            "heaviest": [{"source": h.source, "target": h.target, "from": h.source_context, "to": h.target_context,
                          "references": h.weight, "names": list(h.names), "remedy": h.remedy}
                         for h in coupled.heaviest],
        },
        "phases": [{"phase": p.number, "contexts": list(p.contexts), "blocked_by": list(p.blocked_by)} for p in phases],
        "problems": [{"path": p.path, "line": p.line, "code": p.code, "severity": p.severity, "message": p.message,
                      "hint": p.hint} for p in problems],
        "quality": {}, "since": [], "against": None,
        "elapsed_seconds": 0.0,
    }  # fmt: skip


def dump(document: Document) -> str:
    """The document as JSON text, the same bytes for the same analysis."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _is_inside(node: Node, config: Config) -> bool:
    return node.path.startswith(config.root() + "/") and node.path.endswith(".py")


def _main(config: Config) -> str:
    return config.entries[0] if config.entries else ""


def _layer(inside: Sequence[Node], config: Config, layer: str) -> Document:
    """Figures of one folder of the package: its own files, and those of its sub-packages too."""
    root = f"{config.root()}/{layer}/"
    below = [node for node in inside if node.path.startswith(root)]
    direct = [node for node in below if "/" not in node.path[len(root) :]]
    over = [node for node in below if node.lines > config.limits.file]
    largest = max(below, key=lambda node: (node.lines, node.path), default=None)
    return {
        "files": len(direct), "loc": sum(node.lines for node in direct),
        "files_recursive": len(below), "loc_recursive": sum(node.lines for node in below),
        "over_limit": len(over),
        "largest": {"path": largest.path if largest else "", "loc": largest.lines if largest else 0},
    }  # fmt: skip


def _routers(inside: Sequence[Node], config: Config, served: Sequence[Route]) -> Document:
    operations = {(r.method, r.path) for r in served if is_operation(r)}
    root = f"{config.root()}/routers/"
    return {
        "files": sum(1 for node in inside if node.path.startswith(root)),
        "routes": len(served), "paths": len({path for _, path in operations}), "operations": len(operations),
    }  # fmt: skip


def is_operation(route: Route) -> bool:
    """Whether OpenAPI would show a route: HTTP, and not FastAPI's own documentation."""
    return route.method not in ("MOUNT", "WEBSOCKET") and route.module != "fastapi" and not route.hidden


def _contexts(
    config: Config, rule_set: RuleSet, assignment: Assignment, lines: dict[str, int], served: Sequence[Route],
    graph: Graph, states: Mapping[str, str],
) -> list[Document]:  # fmt: skip
    files: dict[str, list[str]] = {}
    for path in lines:
        files.setdefault(assignment.context(path), []).append(path)
    routes = Counter(assignment.context(route.source) for route in served)
    tables = Counter(assignment.context(table.path) for table in graph.tables)
    rows: list[Document] = []
    known = [(CORE, 1, 0, "what two or more contexts need"), *(
        (c.name, c.phase, c.port, c.description) for c in rule_set.contexts
    )]  # fmt: skip
    for name, phase, port, description in known:
        loc = sum(lines[path] for path in files.get(name, ()))
        rows.append({
            "name": name, "phase": phase, "port": port, "description": description,
            "files": len(files.get(name, ())), "loc": loc, "routes": routes[name], "tables": tables[name],
            "files_over_limit": sum(1 for p in files.get(name, ()) if lines[p] > config.limits.file),
            "verdict": service_size(name, loc, config.limits).verdict, "status": states[name],
        })  # fmt: skip
    return rows


def _file(node: Node, assignment: Assignment) -> Document:
    owner = assignment.owners.get(node.path)
    return {
        "path": node.path, "module": node.name, "loc": node.lines, "layer": node.layer,
        "context": owner.context if owner else "", "reason": owner.reason if owner else "",
        "rule": owner.rule if owner else "", "error": node.error,
    }  # fmt: skip


def _route(route: Route, assignment: Assignment) -> Document:
    return {
        "method": route.method, "path": route.path, "module": route.module, "handler": route.handler,
        "source": route.source, "line": route.line, "guard": route.guard, "context": assignment.context(route.source),
    }  # fmt: skip
