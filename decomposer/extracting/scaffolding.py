"""What a service, or the core, needs besides its code."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

from decomposer.changeset import Write
from decomposer.extracting.tree import Tree, Way
from decomposer.model.config import CORE, Config, Context
from decomposer.scaffold import TARGETS
from decomposer.scaffold.requirements import declared_requirements, required_python, requirements
from decomposer.scaffold.service import Service


def scaffolding(tree: Tree, context: Context, writes: list[Write], way: Way) -> Iterator[Write]:
    """What a service, or the core, needs besides its code."""
    service = _describe(tree, context.name, context.description, context.port, writes, way.top_packages)
    for render in TARGETS.values():
        below, text = render(service, way.template)
        yield Write(f"{tree.config.service(context.name)}/{below}", text.encode(), f"the scaffolding {below}")


def _describe(
    tree: Tree, name: str, description: str, port: int, writes: list[Write], top_packages: set[str]
) -> Service:
    """What the scaffolding of a service, or of the core, is rendered from: its code's real imports among it."""
    config = tree.config
    project = _project(config, tree.read)
    root = f"{config.service(name)}/src/"
    files = {path: tree.read(path) for path in tree.paths if path.startswith(root)}
    files |= {write.path: write.content for write in writes if write.path.startswith(root)}
    imported: set[str] = set()
    for path, content in files.items():
        if content is not None and path.endswith(".py"):
            imported |= {fact.module.partition(".")[0] for fact in tree.readers.facts(content).imports
                         if not fact.level and fact.kind != "typing"}  # fmt: skip
    packages = {path.removeprefix(root).partition("/")[0] for path in files if "/" in path.removeprefix(root)}
    own = {config.package, config.core_package(), *packages}
    always = {"fastapi", "uvicorn"} if name != CORE else set()
    needed, local = requirements(
        {*imported, *always} - own, declared_requirements(project), top_packages, frozenset(sys.stdlib_module_names)
    )
    shared = any(home.dotted == config.core_package() for home in config.homes)
    core = config.core_name() if name != CORE and shared else ""
    return Service(
        config.core_name() if name == CORE else name, description, port, tuple(sorted(packages)), needed, local,
        required_python(project), core,
    )  # fmt: skip


def _project(config: Config, read: Callable[[str], bytes | None]) -> dict[str, Any]:
    """The nearest pyproject.toml above the package that can be read, as a table."""
    folder = config.source
    while True:
        content = read(f"{folder}/pyproject.toml" if folder else "pyproject.toml")
        if content is not None:
            try:
                return tomllib.loads(content.decode("utf-8", "replace"))
            except tomllib.TOMLDecodeError:
                pass  # the monolith's own trouble; the service gets unversioned requirements
        if not folder:
            return {}
        folder = folder.rpartition("/")[0]
