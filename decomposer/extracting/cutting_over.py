"""Taking contexts out of the monolith for good, when nothing there loads them any more."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence

from decomposer.changeset import ChangeSet, Planned, Write, build_changeset, composed
from decomposer.extracting.called_there import called_there
from decomposer.extracting.leaving import STARTING, Leaving, Part, Use, is_prunable, leaving, part_without
from decomposer.extracting.left_whole import lost_references, route_problems
from decomposer.extracting.still_loaded import contexts_of, in_the_way, still_loaded
from decomposer.extracting.tree import Tree, Way
from decomposer.facts.python import read_python
from decomposer.model.config import CORE
from decomposer.model.counting import counted
from decomposer.model.near import no_context
from decomposer.model.problems import DecomposerError, Problem
from decomposer.model.pruning import Dropped
from decomposer.planning.states import extracted, left_in, routed_away
from decomposer.rewrite.package_path import extended_folders, without_folders
from decomposer.syntax.pruned import pruned

_WIRES = frozenset({"include", "mount", "route", "alias", "list"})


def cut_over(tree: Tree, contexts: Sequence[str], verified: frozenset[str], way: Way) -> Planned:
    """The change that takes contexts out of the monolith together; `verified` have a certificate that holds.

    What all services share is rendered anew: the monolith does not answer for these contexts any more.

    Raises DecomposerError for a context that has not been extracted.
    """
    _refuse(tree, contexts)
    away = routed_away(tree.config, contexts)
    done = [Problem(tree.config.service(name), 0, "already-cut-over", f"nothing of `{name}` is in the monolith",
                    severity="warning") for name in contexts if name in away]  # fmt: skip
    contexts = [name for name in contexts if name not in away]
    if not contexts:
        return Planned(ChangeSet(), tuple(done))
    problems = [*done, *(
        Problem(tree.config.service(name), 0, "not-verified", f"`{name}` has no certificate that holds for the files "
                "as they are now", f"decompose verify {name}") for name in contexts if name not in verified
    )]  # fmt: skip
    what = leaving(tree, contexts)
    parts = _parts(tree, what)
    writes = list(_writes(tree, what, parts, problems))
    blocking = list(still_loaded(tree, what, parts))
    problems += blocking
    problems += _together(tree, what, blocking)
    change_set = build_changeset(writes, {write.path: tree.read(write.path) for write in writes})
    calling: tuple[str, ...] = ()
    if not any(problem.code == "still-loaded" for problem in problems):
        after = tree.after(change_set)
        problems += route_problems(tree, after, what)
        problems += lost_references(tree, after)
        rendered, told, calling = called_there(after, contexts, way)
        problems += told
        change_set = composed(change_set, build_changeset(rendered, {w.path: after.read(w.path) for w in rendered}))
    stops = any(problem.severity == "error" for problem in problems)
    summary = (*_left(tree, what), *calling, "next: decompose verify")
    return Planned(change_set, tuple(sorted(set(problems))), () if stops else summary)


def parted(tree: Tree, contexts: Iterable[str]) -> tuple[list[str], dict[str, list[Problem]]]:
    """Those of some contexts that can be cut over together, as many as possible; of each other one what loads it."""
    free, held = list(contexts), dict[str, list[Problem]]()
    while free:
        what = leaving(tree, free)
        parts, found = _parts(tree, what), dict[str, list[Problem]]()
        for _ in _writes(tree, what, parts, []):
            pass  # what cannot be taken out of a module is a use of it from then on
        for owner, problem in in_the_way(tree, what, parts):
            if problem.severity == "error":
                found.setdefault(owner, []).append(problem)
        if not found:
            break
        held |= found
        free = [name for name in free if name not in found]
    return free, held


def _refuse(tree: Tree, contexts: Iterable[str]) -> None:
    problems: list[Problem] = []
    known = [context.name for context in tree.rule_set.contexts]
    for name in contexts:
        left = left_in(tree.code, name) if name in known else []
        if name == CORE:
            problems.append(Problem(tree.config.service(CORE), 0, "not-cut-over", "the core is not cut over: the "
                                    "monolith needs it as its services do"))  # fmt: skip
        elif name not in known:
            problems.append(no_context(name, known))
        elif not extracted(tree.config, name, tree.paths):
            problems.append(Problem(name, 0, "not-extracted", "has no service yet", f"decompose extract {name}"))
        elif left:
            more = f" and {len(left) - 1} more" if len(left) > 1 else ""
            problems.append(Problem(left[0], 0, "not-extracted", f"is still in the monolith{more}, and belongs to "
                                    f"{name}", f"decompose extract {name}"))  # fmt: skip
    if problems:
        raise DecomposerError(problems)


def _parts(tree: Tree, what: Leaving) -> dict[str, Part]:
    """What goes from each module of the monolith that puts routers together or hands on names."""
    touched = {edge.path for edge in tree.code.graph.edges if edge.target in what.modules}
    found: dict[str, Part] = {}
    for path in sorted(touched):
        module = tree.code.modules.name_of.get(path, "")
        if module and module not in what.modules and is_prunable(tree, module):
            found[module] = part_without(tree, what, module)
    return found


def _writes(tree: Tree, what: Leaving, parts: dict[str, Part], problems: list[Problem]) -> Iterator[Write]:
    """Every file of the monolith that is edited or goes."""
    services = tuple(f"{tree.config.service(context)}/" for context in what.contexts)
    source = f"{tree.config.source}/" if tree.config.source else ""
    written: dict[str, bytes | None] = dict.fromkeys(what.aliases)
    for module, part in parts.items():
        written[tree.code.path(module)] = _without(tree, what, module, part, problems)
    for path in tree.paths:
        if path.endswith("/__init__.py") and path.startswith(source) and path not in what.aliases:
            content = written.get(path) or tree.read(path) or b""
            here = path.rpartition("/")[0]
            gone = [folder for folder in extended_folders(content)
                    if f"{posixpath.normpath(f'{here}/{folder}')}/".startswith(services)]  # fmt: skip
            if gone:
                written[path] = without_folders(content, gone)
    for path in sorted(written, key=lambda name: (-name.count("/"), name)):
        if path.endswith("/__init__.py") and _is_idle(tree, what, path, written):
            written[path] = None
    for path, final in sorted(written.items()):
        yield Write(path, final, f"the cut-over of {', '.join(what.contexts)}", tree.mode(path))


def _without(tree: Tree, what: Leaving, module: str, part: Part, problems: list[Problem]) -> bytes:
    """The bytes of a module when its part has gone; what cannot be taken out of it is added to the part's uses."""
    path = tree.code.path(module)
    source = tree.read(path) or b""
    try:
        after, dropped = pruned(source, part.gone)
    except (SyntaxError, UnicodeDecodeError):
        problems.append(Problem(path, 0, "not-understood", "this Python cannot read it, and it hands on what leaves",
                                "use a newer one, or take it out yourself"))  # fmt: skip
        return source
    for statement in dropped:
        target = part.bound.get(statement.name, "")
        if _is_wiring(tree, what, module, statement):
            continue
        if _starts(tree, module, statement):
            problems.append(Problem(
                path, statement.line, "taken-out", f"`{statement.text}` is taken out of the monolith: "
                f"`{statement.name}` leaves with it", "the service has its own; read whether that is all", "warning",
            ))  # fmt: skip
        else:
            target = target or next(iter(part.bound.values()))
            part.uses.append(Use(statement.line, target, f"`{statement.name}`", ""))
    return after


def _is_wiring(tree: Tree, what: Leaving, module: str, statement: Dropped) -> bool:
    """Whether a statement only puts routers that leave into their place."""
    path = tree.code.path(module)
    lines = {event.line for event in tree.code.of(module).routes
             if event.action in _WIRES and statement.line <= event.line <= statement.end_line}  # fmt: skip
    stays = any(edge.kind == "route" and edge.path == path and edge.line in lines and edge.target not in what.modules
                for edge in tree.code.graph.edges)  # fmt: skip
    return bool(lines) and not stays


def _starts(tree: Tree, module: str, statement: Dropped) -> bool:
    """Whether a statement runs when the application starts or ends."""
    return any(
        STARTING.search(definition.name) and definition.line <= statement.line <= definition.end_line
        for definition in tree.code.of(module).definitions
    )


def _is_idle(tree: Tree, what: Leaving, path: str, written: dict[str, bytes | None]) -> bool:
    """Whether nothing is left of a package that says something itself, and nobody asks for it."""
    content, folder = written[path], path.rpartition("/")[0]
    if content is None or folder == tree.config.root() or not folder.startswith(tree.config.source):
        return False
    if any(written.get(other, b"") is not None for other in tree.below(folder) if other != path):
        return False
    said = read_python(content)
    if said.error or said.imports or said.definitions or said.exports or set(said.bindings) - {"__all__"}:
        return False
    if extended_folders(content):
        return False
    name = tree.code.modules.name_of.get(path, "")
    gone = {tree.code.path(module) for module in what.modules}
    return not name or not any(edge.target == name and edge.path not in gone for edge in tree.code.graph.edges)


def _together(tree: Tree, what: Leaving, blocking: list[Problem]) -> Iterator[Problem]:
    """Which contexts would have to go together, so that none of them is loaded by another."""
    others = contexts_of(blocking, tree, what)
    if not others:
        return
    wanted = set(what.contexts) | others
    while True:
        more = leaving(tree, sorted(wanted))
        found = contexts_of(list(still_loaded(tree, more, _parts(tree, more))), tree, more)
        if not found:
            break
        wanted |= found
    names = [context.name for context in tree.rule_set.contexts if context.name in wanted]
    told = f"is used by other contexts that the monolith still loads: {', '.join(sorted(others))}"
    first = [name for name in names if not extracted(tree.config, name, tree.paths)]
    hint = f"extract {', '.join(first)}; then: " if first else ""
    yield Problem(tree.config.service(what.contexts[0]), 0, "together", told,
                  f"{hint}decompose cutover {' '.join(names)}", "warning")  # fmt: skip


def _left(tree: Tree, what: Leaving) -> Iterator[str]:
    """What leaves, a line for each context."""
    for context in what.contexts:
        folder = f"{tree.config.service(context)}/"
        paths = [tree.code.path(module) for module in what.modules if tree.code.path(module).startswith(folder)]
        routes = [route for route in tree.code.served if route.source in paths]
        lines = sum(tree.python[path].lines for path in paths)
        leaving = f"{counted(len(routes), 'route')} and {counted(len(paths), 'module')} ({counted(lines, 'line')})"
        yield f"{context}: {leaving} leave the monolith for {tree.config.service(context)}"

