"""Import edges against an independent walk with the standard `ast`: none missing, none invented."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from decomposer.app import Options, analysis
from decomposer.model.edges import IMPORT_KINDS
from tests.conftest import EXAMPLE, real_repositories

Found = set[tuple[str, int, str, str]]


def walk(root: Path, source: str, package: str) -> Found:
    """`(path, line, kind, target)` of every import of the package, by a walk that shares no code with the tool."""
    base = root / source
    modules = {}
    for path in sorted((base / package).rglob("*.py")):
        if path.is_symlink():
            continue
        parts = path.relative_to(base).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name not in modules or parts[-1] == "__init__":
            modules[name] = path
    found: Found = set()
    for path in sorted((base / package).rglob("*.py")):
        if path.is_symlink():
            continue
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError, RecursionError):
            continue
        parts = path.relative_to(base).with_suffix("").parts
        visit(tree, path.relative_to(root).as_posix(), ".".join(parts[:-1]), modules, found, ("load", False))
    return found


def visit(
    node: ast.AST, path: str, package: str, modules: dict[str, Path], found: Found, state: tuple[str, bool]
) -> None:
    """Adds the imports below a node; `state` is (typing or lazy or load, whether a guard stands around)."""
    kind, guarded = state
    if isinstance(node, ast.Import | ast.ImportFrom):
        told = "optional" if guarded and kind == "load" else kind
        for target in targets(node, package, modules):
            found.add((path, node.lineno, told, target))
        return
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST):
                continue
            inner = state
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and name == "body" and kind != "typing":
                inner = ("lazy", guarded)
            if isinstance(node, ast.If) and name == "body" and "TYPE_CHECKING" in ast.unparse(node.test).split("."):
                inner = ("typing", guarded)
            if isinstance(node, ast.Try) and name in ("body", "handlers") and catches_import_error(node):
                inner = (kind, True)
            visit(child, path, package, modules, found, inner)


def catches_import_error(node: ast.Try) -> bool:
    """Whether any handler would catch an ImportError."""
    names = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
    return any(
        handler.type is None or names & {part.id for part in ast.walk(handler.type) if isinstance(part, ast.Name)}
        for handler in node.handlers
    )


def targets(node: ast.Import | ast.ImportFrom, package: str, modules: dict[str, Path]) -> set[str]:
    """The modules of ours that a statement names."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names if alias.name in modules}
    base = node.module or ""
    if node.level:
        parts = package.split(".")
        if node.level > len(parts):
            return set()
        base = ".".join([*parts[: len(parts) - node.level + 1], *([node.module] if node.module else [])])
    found = set()
    for alias in node.names:
        if f"{base}.{alias.name}" in modules:
            found.add(f"{base}.{alias.name}")
        elif base in modules:
            found.add(base)
    return found


def compare(root: Path) -> None:
    """Asserts that the tool's edges of import kinds inside the package are exactly those of the walk."""
    seen = analysis(Options(repo=root, cache=False))
    prefix = seen.config.root() + "/"
    unreadable = {path for path, facts in seen.repository.python.items() if facts.reader != "ast"}
    mine = {
        (edge.path, edge.line, edge.kind, edge.target)
        for edge in seen.graph.edges
        if edge.kind in IMPORT_KINDS and edge.target and edge.path.startswith(prefix) and edge.path not in unreadable
    }
    assert walk(root, seen.config.source, seen.config.package) == mine
    assert len(mine) > 50


def test_the_example_has_exactly_the_edges_of_the_walk() -> None:
    """On the example no edge is missing and none is invented."""
    compare(EXAMPLE)


@pytest.mark.proof
def test_the_bootable_replica_has_exactly_the_edges_of_the_walk(replica: Path) -> None:
    """On the replica of the bootable state no edge is missing and none is invented."""
    compare(replica)


@pytest.mark.proof
def test_the_plan_replica_has_exactly_the_edges_of_the_walk(replica_plan: Path) -> None:
    """On the replica of the plan's state no edge is missing and none is invented."""
    compare(replica_plan)


@pytest.mark.parametrize("root", real_repositories(), ids=lambda root: root.name)
def test_real_applications_have_exactly_the_edges_of_the_walk(root: Path) -> None:
    """On real applications no edge is missing and none is invented."""
    compare(root)
