"""Everything that still loads what is to be cut over, each with its place and what to do about it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from decomposer.extracting.leaving import Leaving, Part, Use, imported
from decomposer.extracting.tree import Tree
from decomposer.model.config import CORE
from decomposer.model.edges import IMPORT_KINDS, Edge
from decomposer.model.problems import Problem

_LOADS = {
    "load": "loads", "lazy": "loads, when it is called,", "optional": "loads, where it can,",
    "dynamic": "loads, by its name,", "typing": "takes types from", "table": "has a foreign key or relationship to",
    "string": "names", "config": "names", "call": "uses",
}  # fmt: skip
_LOOKS_ONLY = frozenset({".md", ".rst", ".txt", ".adoc"})
_RUNS = frozenset({".service", ".timer", ".sh", ".bash", ".mk", ".conf", ""})
_STARTS = frozenset({"dockerfile", "makefile", "procfile", "justfile"})


def still_loaded(tree: Tree, what: Leaving, parts: Mapping[str, Part]) -> Iterator[Problem]:
    """An error for each use of a module that leaves in what stays; a warning where only tests or settings name it."""
    yield from (problem for _, problem in in_the_way(tree, what, parts))


def in_the_way(tree: Tree, what: Leaving, parts: Mapping[str, Part]) -> Iterator[tuple[str, Problem]]:
    """The same, each with the context whose module is used."""
    code = tree.code
    roles = {node.path: node.role for node in code.graph.nodes}
    going = {code.path(name) for name in what.modules}
    services = tuple(f"{tree.config.service(context.name)}/" for context in tree.rule_set.contexts)
    found: dict[tuple[str, str], list[Edge]] = {}
    for edge in code.graph.edges:
        own = edge.path.startswith(services) and edge.path not in code.modules.name_of  # a service's copies and tests
        if edge.target in what.modules and edge.path not in going and not own and edge.kind in _LOADS:
            found.setdefault((edge.path, edge.target), []).append(edge)
    for edge in _handed_on(tree, what, {edge.path for edge in code.graph.edges} - going):
        if edge.path not in code.modules.name_of and edge.path.startswith(services):
            continue
        known = found.setdefault((edge.path, edge.target), [])
        if not any(other.kind in IMPORT_KINDS for other in known):
            known.append(edge)
    tested: dict[str, list[Edge]] = {}
    for (path, target), edges in sorted(found.items()):
        module = code.modules.name_of.get(path, "")
        if module in parts:
            edges = _left(tree, path, parts[module], edges)
        role = roles.get(path, "")
        if role == "test":
            tested.setdefault(path, []).extend(edges)
        elif role == "config":
            yield from ((_owner(tree, what, target), one) for one in _config(tree, what, path, target, edges))
        else:
            yield from ((_owner(tree, what, target), one) for one in _python(tree, what, path, target, edges, role))
    for path, edges in sorted(tested.items()):
        problem = _test(tree, what, path, edges)
        yield from ((owner, problem) for owner in sorted({_owner(tree, what, edge.target) for edge in edges}))
    for module, part in sorted(parts.items()):
        for use in part.uses:
            yield _owner(tree, what, use.module), _use(tree, what, code.path(module), use)


def _handed_on(tree: Tree, what: Leaving, paths: Iterable[str]) -> Iterator[Edge]:
    """Imports of names that a package which stays hands on from a module that leaves."""
    for path in sorted(paths):
        for fact in tree.python[path].imports if path in tree.python else ():
            for name, target in imported(tree, path, fact):
                if target in what.modules:
                    yield Edge("", target, fact.kind, path, fact.line, (name,), fact.scope)


def contexts_of(problems: Iterable[Problem], tree: Tree, what: Leaving) -> set[str]:
    """The other contexts whose modules still load what leaves."""
    owners = {tree.assignment.context(problem.path) for problem in problems if problem.severity == "error"}
    return owners - {CORE, "", *what.contexts}


def _left(tree: Tree, path: str, part: Part, edges: list[Edge]) -> list[Edge]:
    """The references of a module that are still there when its part has gone."""
    lines = {line for line, _ in part.gone.imports} | {use.line for use in part.uses}
    tables = {line for line, _ in part.gone.texts}
    return [
        edge for edge in edges
        if edge.kind in ("table", "string") or (edge.kind == "dynamic" and edge.line not in tables)
        or (edge.kind in IMPORT_KINDS and edge.line not in lines)
    ]  # fmt: skip


def _python(
    tree: Tree, what: Leaving, path: str, target: str, edges: list[Edge], role: str
) -> Iterator[Problem]:
    """What a Python file that stays does with a module that leaves: once, at the first line that matters most."""
    imports = [edge for edge in edges if edge.kind in (*IMPORT_KINDS, "dynamic")]
    tables = [edge for edge in edges if edge.kind == "table"]
    strings = [edge for edge in edges if edge.kind == "string"]
    uses = [edge for edge in edges if edge.kind == "call"]
    names = tuple(dict.fromkeys(name for edge in [*uses, *imports] for name in edge.names[:1] if name != "*"))
    if imports or (uses and not tables):
        first = min(imports or uses, key=lambda edge: (edge.kind == "typing", edge.line))
        yield _problem(tree, what, first, target, names, role)
    for edge in tables[:1]:
        told = tuple(dict.fromkeys(name for other in tables for name in other.names[:1]))
        yield _problem(tree, what, edge, target, told, role)
    if not imports and not uses:
        fatal = [edge for edge in strings if _is_fatal(tree, edge)]
        chosen = (fatal or strings)[:1]
        for edge in chosen:
            yield _problem(tree, what, edge, target, edge.names, role, not fatal)


def _test(tree: Tree, what: Leaving, path: str, edges: list[Edge]) -> Problem:
    """A file of tests that names what leaves: once, for nothing is broken by it but the tests.

    A conftest.py that loads it takes all tests below with it: that is an error.
    """
    modules = sorted({edge.target for edge in edges})
    owners = sorted({_owner(tree, what, module) for module in modules})
    more = f", … {len(modules) - 3} more" if len(modules) > 3 else ""
    hint = f"move it to {owners[0]}'s tests" if len(owners) == 1 else \
        "tests of one context go to its service; what spans several has to call them"  # fmt: skip
    leave = "leaves" if len(modules) == 1 else "leave"
    told = f"uses {', '.join(modules[:3])}{more}, which {leave} with {', '.join(owners)}"
    loads = [edge for edge in edges if edge.kind == "load"]
    if loads and posixpath.basename(path) == "conftest.py":
        return Problem(path, loads[0].line, "still-loaded", f"{told}: no test below it would run",
                       "let the fixtures that need it import it, or go to its service")  # fmt: skip
    return Problem(path, min(edge.line for edge in edges), "still-named", told, hint, "warning")


def _is_fatal(tree: Tree, edge: Edge) -> bool:
    """Whether a string that names a module may load it, or calls something in it by its name."""
    if edge.names and tree.code.symbols.resolve(edge.target, edge.names[0].partition(".")[0]) is not None:
        return True
    facts = tree.python[edge.path]
    roles = [text.role for text in facts.texts if text.line == edge.line and _names(text.value, edge.target)]
    return any(role and not role.endswith("getLogger") for role in roles)


def _names(value: str, module: str) -> bool:
    dotted = value.replace(":", ".")
    return dotted == module or dotted.startswith(module + ".")


def _config(tree: Tree, what: Leaving, path: str, target: str, edges: list[Edge]) -> Iterator[Problem]:
    """A file that is not Python: one that starts a module is an error, one that only speaks of it is not."""
    name = posixpath.basename(path).lower()
    ending = posixpath.splitext(name)[1]
    if ending in _LOOKS_ONLY:
        return
    dotted = [(token, line) for token, line in tree.texts[path].tokens
              if "/" not in token and _names(token, target)]  # fmt: skip
    started = [(token, line) for token, line in dotted
               if ":" in token or ending in _RUNS or name.partition(".")[0] in _STARTS]  # fmt: skip
    for token, line in (started or dotted)[:1]:
        severity = "error" if started else "warning"
        hint = "start it from the service's folder" if started else "read whether that still means something"
        yield Problem(path, line, "still-loaded" if started else "still-named", f"names {token}, which leaves with "
                      f"{_owner(tree, what, target)}", hint, severity)  # fmt: skip


def _problem(
    tree: Tree, what: Leaving, edge: Edge, target: str, names: tuple[str, ...], role: str, only_named: bool = False
) -> Problem:  # fmt: skip
    severity = "warning" if only_named else "error"
    told = f": {', '.join(names[:4])}{', …' if len(names) > 4 else ''}" if names else ""
    message = f"{_LOADS[edge.kind]} {target}, which leaves with {_owner(tree, what, target)}{told}"
    code = "still-loaded" if severity == "error" else "still-named"
    return Problem(edge.path, edge.line, code, message, _hint(tree, what, edge, role, only_named), severity)


def _hint(tree: Tree, what: Leaving, edge: Edge, role: str, only_named: bool) -> str:
    context = tree.assignment.context(edge.path)
    if only_named:
        return "read whether that name still means something in the monolith"
    if role == "script":
        return "move it to the service, or let it call the service"
    if context not in (CORE, "", *what.contexts):
        there = edge.path.startswith(f"{tree.config.service(context)}/")
        return f"cut over {context} together with it" if there else f"extract {context} and cut over both together"
    if edge.kind == "table":
        return "share the table's module: `shared` in the rules of the core"
    if edge.kind == "string":
        return "take the name out, and let the service have it"
    if edge.kind == "typing":
        return "share the type, or use another one"
    return "let it call the service, share the module, or take the use out"


def _use(tree: Tree, what: Leaving, path: str, use: Use) -> Problem:
    """A use in a module that puts the application together, in a function that stays."""
    code = tree.code
    handler = use.scope.rpartition(".")[2]
    routes = [route for route in code.graph.routes if handler and route.source == path
              and route.handler.rpartition(".")[2] == handler]  # fmt: skip
    where = f" to answer {routes[0].method} {routes[0].path}" if routes else f" in {use.scope}" if use.scope else ""
    hint = f"give the route to {_owner(tree, what, use.module)}, or let it do without" if routes else \
        "take it out, where only the context needs it, or let it do without"  # fmt: skip
    return Problem(path, use.line, "still-loaded", f"uses {use.name} of {use.module}, which leaves with "
                   f"{_owner(tree, what, use.module)},{where}".rstrip(","), hint)  # fmt: skip


def _owner(tree: Tree, what: Leaving, module: str) -> str:
    path = tree.code.path(module)
    for context in what.contexts:
        if path.startswith(f"{tree.config.service(context)}/"):
            return context
    return tree.code.owner(module) or what.contexts[0]

