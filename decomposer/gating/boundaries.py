"""No service imports what it has not: a module of another service, or of the monolith; and nothing that is denied."""

from __future__ import annotations

from collections.abc import Iterator

from decomposer.gating.scene import Scene
from decomposer.model.config import CLIENTS, COPIES
from decomposer.model.edges import IMPORT_KINDS, Edge
from decomposer.model.findings import Finding
from decomposer.model.problems import Problem
from decomposer.planning.contents import service_contents
from decomposer.planning.settling import dependency_problems

_KINDS = frozenset({*IMPORT_KINDS, "dynamic"})


def check(scene: Scene) -> Iterator[Finding]:
    """An error for each import of a service that leads out of it, and for each dependency that the rules deny."""
    tree = scene.tree
    files = frozenset(tree.everything)
    edges = [edge for edge in tree.code.graph.edges if edge.kind in _KINDS and edge.target in tree.code.modules.path_of]
    for context in scene.serving:
        folder = f"{tree.config.service(context)}/"
        for edge in edges:
            if edge.path.startswith(folder) and not _is_there(scene, files, folder, edge.target):
                yield _found(scene, context, edge)
    for context in [known.name for known in tree.rule_set.contexts if known.name not in scene.serving]:
        contents = service_contents(tree.code, context, tree.sharing.modules)
        for problem in dependency_problems(tree.calling, contents):
            if problem.code == "denied":
                yield Finding("boundaries", problem, f"{context}:{problem.message.partition(':')[0]}")


def _is_there(scene: Scene, files: frozenset[str], folder: str, target: str) -> bool:
    """Whether a service finds a module in itself, as a copy or a client, or in the core."""
    code = scene.tree.code
    if code.in_core(target) or code.path(target).startswith(folder):
        return True
    package, _, rest = target.partition(".")
    below = rest.replace(".", "/")
    places = [target.replace(".", "/"), *(f"{package}/{home}/{below}" for home in (COPIES, CLIENTS))]
    return any(f"{folder}src/{place}{ending}" in files for place in places for ending in (".py", "/__init__.py"))


def _found(scene: Scene, context: str, edge: Edge) -> Finding:
    owner = scene.tree.code.owner(edge.target)
    whose = f"the service of {owner}" if owner in scene.serving else "the monolith"
    names = f" ({', '.join(edge.names[:4])})" if edge.names else ""
    problem = Problem(
        edge.path, edge.line, "boundary", f"{context} imports {edge.target}{names}, which {whose} has: where it runs "
        "alone that is not found", "call it over HTTP, share it, or carry a copy: [[dependency]] in rules",
    )  # fmt: skip
    return Finding("boundaries", problem, f"{edge.source or edge.path}:{edge.target}")
