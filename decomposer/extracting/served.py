"""Whether a service serves what its context serves in the monolith, as far as its text tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from decomposer.extracting.tree import Tree
from decomposer.graph.link import link
from decomposer.graph.modules import Modules
from decomposer.model.config import CORE, Config, Home
from decomposer.model.edges import Route
from decomposer.model.problems import Problem
from decomposer.planning.codebase import HEALTH


def route_problems(
    tree: Tree, context: str, files: Mapping[str, bytes], new: Mapping[str, str]
) -> Iterator[Problem]:  # fmt: skip
    """Where the service would not serve exactly the routes that the context has in the monolith.

    `files` are those of the service, `new` the names of modules that are called something else there.
    """
    serves = alone(tree, context, files, new)
    if serves is None:
        return
    code, config = tree.code, tree.config
    wanted = [r for r in code.served if r.module != "fastapi" and r.path not in HEALTH
              and config.answers_for(context, code.assignment.context(r.source))]  # fmt: skip
    unserved: dict[str, list[Route]] = {}
    for route in code.graph.routes:
        if not route.entry and code.assignment.context(route.source) == context:
            unserved.setdefault(route.source, []).append(route)
    for path, group in sorted(unserved.items()):
        more = f" and {len(group) - 1} more" if len(group) > 1 else ""
        yield Problem(path, group[0].line, "route-unserved", f"{group[0].method} {group[0].path}{more}: not served by "
                      "the monolith's application, nor by the service", "nothing is lost, unless another application "
                      "serves it", "warning")  # fmt: skip
    for lost in _without(wanted, serves):
        yield Problem(lost.source, lost.line, "route-lost", f"{lost.method} {lost.path}: not served by the {context} "
                      "service", "include its router where the application is put together")  # fmt: skip
    for foreign in _without(serves, wanted):
        yield Problem(foreign.source, foreign.line, "route-foreign", f"{foreign.method} {foreign.path}: served by the "
                      f"{context} service too, which does not own it", "give its router to one context")  # fmt: skip


def alone(
    tree: Tree, context: str, files: Mapping[str, bytes], new: Mapping[str, str]
) -> list[Route] | None:  # fmt: skip
    """What a service serves by itself besides its health, None where it has no entry."""
    config, code = tree.config, tree.code
    source, package = f"{config.service(context)}/src", config.package_of(context)
    python = {path: tree.readers.facts(content) for path, content in files.items() if path.endswith(".py")}
    python |= {p: f for p, f in tree.python.items() if p.startswith(f"{source}/") and p not in python}
    tops = {path.removeprefix(source + "/").partition("/")[0] for path in python if path.startswith(source + "/")}
    core = config.service_root(CORE) + "/"
    python |= {path: facts for path, facts in tree.python.items() if path.startswith(core)}
    homes = [home for home in config.homes if home.dotted == config.core_package()]
    homes += [Home(top, f"{source}/{top}") for top in sorted(tops - {package}) if not top.endswith(".py")]
    entry = new.get(code.entry, code.entry)
    if entry not in Modules(source, package, python, python, homes).path_of:
        return None
    entries = tuple(f"{entry}:{application.partition(':')[2]}" for application in config.entries[:1])
    graph, _ = link(Config(source, package, entries, homes=tuple(homes)), python, {})
    return [r for r in graph.routes if r.entry and r.module != "fastapi" and r.path not in HEALTH]


def entry_names(tree: Tree, context: str) -> dict[str, str]:
    """What the entry is called in a service that has a package of its own."""
    package, entry = tree.config.package_of(context), tree.code.entry
    return {entry: f"{package}.{entry.partition('.')[2]}"} if package != tree.config.package else {}


def _without(routes: Sequence[Route], others: Sequence[Route]) -> Iterator[Route]:
    """The routes that are not among the others, by method, path and handler."""
    known = {(route.method, route.path, route.handler) for route in others}
    yield from (route for route in routes if (route.method, route.path, route.handler) not in known)
