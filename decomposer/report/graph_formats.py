"""The graph as JSON, Graphviz dot and Mermaid."""

from __future__ import annotations

import json
from collections import Counter

from decomposer.model.edges import Edge, Graph


def graph_json(graph: Graph, contexts: dict[str, str]) -> str:
    """`nodes`, `edges`, `routes` and `tables`; an edge to nothing has `"target": null`."""
    document = {
        "nodes": [{"name": n.name, "path": n.path, "role": n.role, "loc": n.lines, "layer": n.layer,
                   "context": contexts.get(n.path, ""), "error": n.error} for n in graph.nodes],
        "edges": [_edge(edge) for edge in graph.edges],
        "routes": [{"entry": r.entry, "order": r.order, "method": r.method, "path": r.path, "module": r.module,
                    "handler": r.handler, "source": r.source, "line": r.line, "guard": r.guard,
                    "chain": list(r.chain)} for r in graph.routes],
        "tables": [{"name": t.name, "module": t.module, "class": t.class_name, "path": t.path, "line": t.line,
                    "refers_to": list(t.refers_to)} for t in graph.tables],
        "external": [{"path": path, "package": package, "kind": kind} for path, package, kind in graph.external],
    }  # fmt: skip
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _edge(edge: Edge) -> dict[str, object]:
    told: dict[str, object] = {
        "source": edge.source, "target": edge.target or None, "kind": edge.kind, "path": edge.path,
        "line": edge.line, "names": list(edge.names), "scope": edge.scope,
    }  # fmt: skip
    if not edge.target:
        told["reason"], told["meant"] = edge.reason, edge.meant or None
    return told


def graph_dot(graph: Graph, contexts: dict[str, str]) -> str:
    """Modules as boxes grouped by context, one arrow for each pair of modules and kind."""
    lines = ["digraph monolith {", '  graph [rankdir="LR"];', '  node [shape="box"];']
    groups: dict[str, list[str]] = {}
    for node in graph.nodes:
        groups.setdefault(contexts.get(node.path, ""), []).append(node.name)
    for number, context in enumerate(sorted(groups)):
        lines.append(f'  subgraph "cluster_{number}" {{ label={_quoted(context or "unassigned")};')
        lines += [f"    {_quoted(name)};" for name in sorted(set(groups[context]))]
        lines.append("  }")
    pairs = Counter((e.source, e.target, e.kind) for e in graph.edges if e.target)
    for (source, target, kind), count in sorted(pairs.items()):
        lines.append(f'  {_quoted(source)} -> {_quoted(target)} [label="{kind} {count}"];')
    return "\n".join([*lines, "}", ""])


def graph_mermaid(graph: Graph, contexts: dict[str, str]) -> str:
    """The context map: one box a context, arrows labelled with the number of references."""
    paths = {node.name: node.path for node in graph.nodes if node.role in ("module", "package")}
    inside = set(paths.values())
    pairs: Counter[tuple[str, str]] = Counter()
    for edge in graph.edges:
        target = paths.get(edge.target)
        if target and edge.path in inside:
            pair = contexts.get(edge.path, "") or "unassigned", contexts.get(target, "") or "unassigned"
            if pair[0] != pair[1]:
                pairs[pair] += 1
    names = sorted({name for pair in pairs for name in pair} | {c or "unassigned" for c in contexts.values()})
    ids = {name: f"c{number}" for number, name in enumerate(names)}
    lines = ["flowchart LR", *(f'  {ids[name]}["{name}"]' for name in names)]
    lines += [f"  {ids[a]} -->|{count}| {ids[b]}" for (a, b), count in sorted(pairs.items())]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
