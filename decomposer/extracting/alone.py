"""A service by itself: the code base that it has when nothing of the monolith is there beside it but the core."""

from __future__ import annotations

from dataclasses import replace

from msgspec.structs import replace as struct_replace

from decomposer.assigning.owners import Assignment
from decomposer.extracting.tree import Tree
from decomposer.graph.link import link
from decomposer.model.config import CORE, Home, Owner
from decomposer.rewrite.package_path import found_homes


def alone(tree: Tree, context: str) -> Tree:
    """A repository as if a context's service, with the core, were the monolith: what it has is found there."""
    service, core = f"{tree.config.service(context)}/src", tree.config.service_root(CORE)
    package = tree.config.package_of(context)
    paths = tuple(path for path in tree.paths if path.startswith((f"{service}/", f"{core}/")))
    python = {path: tree.python.get(path) or tree.readers.facts(tree.read(path) or b"") for path in paths}
    config = struct_replace(tree.config, source=service, package=package, core=tree.config.core_name())
    own = [path for path in paths if path.startswith(f"{service}/")]
    tops = {path.removeprefix(f"{service}/").partition("/")[0] for path in own} - {package}
    homes = [Home(config.core_package(), core)]
    homes += [Home(top, f"{service}/{top}") for top in sorted(tops) if not top.endswith(".py")]
    homes += found_homes(config, own, tree.read)
    config = struct_replace(config, homes=tuple(homes))
    graph, _ = link(config, python, {})
    owners = {path: Owner(path, context if path in own else CORE) for path in paths}
    return replace(tree, config=config, python=python, texts={}, paths=paths, graph=graph,
                   assignment=Assignment(owners, ()))  # fmt: skip
