"""What the modules of a service are called where it has a package of its own."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from decomposer.model.config import CORE, Config
from decomposer.model.problems import Problem
from decomposer.planning.codebase import Codebase
from decomposer.planning.contents import Contents, inner_contents, is_split, outer_contents


class Naming(Struct, frozen=True):
    """The new names of a service's modules, by the old ones.

    `modules` are its own, `packages` those of which it gets a part, `assembled` what puts the application together.
    `inner` is what these ask for, `outer` what its copies do: that keeps the names which it has elsewhere.
    """

    modules: dict[str, str]
    packages: dict[str, str]
    assembled: dict[str, str]
    inner: Contents
    outer: Contents


def name_modules(code: Codebase, found: Contents, config: Config, problems: list[Problem]) -> Naming:
    """The names for one service; a layer that is to be renamed into one that is there keeps its name, which is told."""
    inner = inner_contents(code, found)
    ours = {module for module in inner.parted if _goes_along(code, inner, module)}
    packages = {module for module in ours if code.is_package(module)}
    asked = {need.via for module in (*found.own, *packages) for need in code.needs.of(module)} & (ours - packages)
    outer = outer_contents(code, found, inner, {*(set(inner.parted) - ours), *asked}, ours - packages)
    top = f"{config.package}."
    own = {module for module in found.own if module.startswith(top)}
    layers = _layers(code, config, found.context, {*own, *packages}, problems)
    package = config.package_of(found.context)

    def new(module: str) -> str:
        layer, _, rest = module.partition(".")[2].partition(".")
        return ".".join(filter(None, (package, layers.get(layer, layer), rest)))

    named = {module: new(module) for module in (*own, *ours)}
    return Naming(
        {module: named[module] for module in own}, {module: named[module] for module in packages},
        {module: named[module] for module in ours - packages}, inner, outer,
    )  # fmt: skip


def _goes_along(code: Codebase, found: Contents, module: str) -> bool:
    """Whether the part of a module belongs in the service's own package: it holds nothing that must be there once."""
    if module.partition(".")[0] != code.config.package or code.is_alias(module):
        return False
    if not code.is_package(module):
        return True
    anothers = not is_split(code, module) and code.owner(module) not in (CORE, "", found.context)
    return not anothers and not (code.has_code(module) and module in found.with_code)


def _layers(
    code: Codebase, config: Config, context: str, modules: Collection[str], problems: list[Problem]
) -> dict[str, str]:
    """The layers that get another name in the service."""
    there = {module.split(".")[1] for module in modules if "." in module}
    found: dict[str, str] = {}
    for layer, name in config.layers:
        if layer == name or layer not in there:
            continue
        if name in there or name in found.values():
            problems.append(Problem(
                f"{config.root()}/{layer}", 0, "layer-kept", f"the layer keeps its name: the {context} service has a "
                f"`{name}` of its own", severity="warning"))  # fmt: skip
        else:
            found[layer] = name.replace("/", ".")
    return found
