"""What leaves with a context: which file goes where, and which packages then lie in two places."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from decomposer.assigning.owners import Assignment
from decomposer.model.config import Config
from decomposer.model.counting import counted
from decomposer.model.problems import DecomposerError, Problem
from decomposer.planning.codebase import Codebase
from decomposer.planning.contents import Contents


@dataclass(frozen=True, slots=True)
class Move:
    """One file's way from the monolith to a service."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ExtractionPlan:
    """The moves of one context.

    `folders` are those that go whole, moved as one. `split_packages` are folders of the monolith's package,
    relative to its source, some of whose modules moved while the folder stays: it must find them in the service
    too. `new_packages` are folders of the service that need an `__init__.py` of their own.
    """

    context: str
    service: str
    moves: tuple[Move, ...]
    folders: tuple[Move, ...]
    split_packages: tuple[str, ...]
    new_packages: tuple[str, ...]
    problems: tuple[Problem, ...]


def plan_extraction(
    config: Config, assignment: Assignment, context: str, files: Collection[str], extended: Collection[str] = ()
) -> ExtractionPlan:
    """The plan for one context; `files` are all paths below the package, data files included.

    A folder all of whose modules leave goes whole, with its data files; otherwise its `__init__.py` stays, as do those
    in `extended`: the packages that look for modules elsewhere too, since parts of them have left before. Raises
    DecomposerError when the service's folder would be a part of the monolith or the monolith a part of it.
    """
    root, prefix = config.root(), f"{config.source}/" if config.source else ""
    service = config.service(context)
    if f"{root}/".startswith(f"{service}/") or f"{service}/".startswith(f"{root}/"):
        raise DecomposerError(Problem(
            service, 0, "overlap", f"the service `{context}` would lie here, where the monolith's package is: {root}",
            "choose another folder with `services` in the configuration, or another name for the context",
        ))  # fmt: skip
    leaving = {path for path, owner in assignment.owners.items()
               if owner.context == context and path.startswith(root + "/")}  # fmt: skip
    leaving -= set(extended)
    whole = _whole_folders(root, leaving, files)
    inside = tuple(f"{folder}/" for folder in whole)
    leaving |= {path for path in files if path.startswith(inside)}
    problems = _kept_layers(config, leaving)
    leaving = _keep_barrels(leaving, inside, problems)
    home = f"{service}/src/{config.package}"
    moves = [Move(path, home + path.removeprefix(root)) for path in sorted(leaving)]
    staying = {piece.rpartition("/")[0] for piece in whole | {path for path in leaving if not path.startswith(inside)}}
    needed: set[str] = set()
    for folder in staying:
        while len(folder) >= len(root):
            needed.add(home + folder.removeprefix(root))
            folder = folder.rpartition("/")[0]
    if not moves:
        problems.append(_nothing_to_move(root, service, context, files))
    return ExtractionPlan(
        context, service, tuple(moves), tuple(Move(f, home + f.removeprefix(root)) for f in sorted(whole)),
        tuple(folder.removeprefix(prefix) for folder in sorted(staying)), tuple(sorted(needed)), tuple(problems),
    )  # fmt: skip


def summarize(plan: ExtractionPlan, code: Codebase, found: Contents) -> tuple[str, ...]:
    """The plan in a few lines: what moves, and what the service carries that belongs to others."""
    moved = {move.old for move in plan.moves}
    lines = sum(node.lines for node in code.graph.nodes if node.path in moved)
    told = [f"{counted(len(plan.moves), 'file')} ({counted(lines, 'line')}) {'move' if plan.moves[1:] else 'moves'} to "
            f"{plan.service}"]
    if code.config.own_package and plan.moves:
        told.append(f"they are called {code.config.package_of(plan.context)}.… there, and so wherever they are named")
    elif plan.split_packages:
        told.append(f"the monolith finds them there through {', '.join(plan.split_packages)}")
    for owner in sorted({code.owner(module) for module in found.clients}):
        called = {code.path(module) for module in found.clients if code.owner(module) == owner}
        told.append(f"it calls {owner} over HTTP for {_some(called)}")
    copied: dict[str, set[str]] = {}
    for module in found.copies:
        copied.setdefault(code.owner(module) or "nobody", set()).add(code.path(module))
    for context in sorted(copied):
        count = len(copied[context])
        size = sum(code.facts[path].lines for path in copied[context])
        told.append(f"it carries a copy of {counted(count, 'file')} ({counted(size, 'line')}) of {context}: "
                    f"{_some(copied[context])}")  # fmt: skip
    return tuple(told)


def _some(paths: set[str]) -> str:
    names = sorted(path.rpartition("/src/")[2] or path for path in paths)
    return ", ".join(names[:4]) + (f", … {len(names) - 4} more" if len(names) > 4 else "")


def _nothing_to_move(root: str, service: str, context: str, files: Collection[str]) -> Problem:
    """An error, unless the context has left already: then taking it out again changes nothing."""
    if any(path.startswith(f"{service}/src/") and path.endswith(".py") for path in files):
        return Problem(service, 0, "already-extracted", f"nothing of `{context}` is left in {root}", severity="warning")
    return Problem(root, 0, "nothing-to-move", f"no file belongs to the context `{context}`", "see `decompose analyze`")


def _kept_layers(config: Config, leaving: Collection[str]) -> list[Problem]:
    """A warning for each layer that the team wants renamed: it keeps its name in the monolith's package."""
    root = config.root()
    return [
        Problem(f"{root}/{layer}", 0, "layer-kept", f"the layer keeps its name: it can become `{name}` only where "
                "services have packages of their own", 'set package = "{context}" below [service]', "warning")
        for layer, name in (config.layers if not config.own_package else ())
        if name != layer and any(path.startswith(f"{root}/{layer}/") for path in leaving)
    ]  # fmt: skip


def _keep_barrels(leaving: set[str], inside: tuple[str, ...], problems: list[Problem]) -> set[str]:
    """The leaving files without the `__init__.py` of folders that stay: a package is in one place by its barrel."""
    barrels = {path for path in leaving if path.endswith("/__init__.py") and not path.startswith(inside)}
    problems += [
        Problem(path, 0, "barrel-stays", "stays in the monolith: other files of its folder belong elsewhere",
                severity="warning")
        for path in barrels
    ]  # fmt: skip
    return leaving - barrels


def _whole_folders(root: str, leaving: set[str], files: Collection[str]) -> set[str]:
    """The outermost folders of the package all of whose Python files leave, `__init__.py` included."""
    python: dict[str, set[str]] = {}
    for path in files:
        if path.endswith(".py") and path.startswith(root + "/"):
            folder = path.rpartition("/")[0]
            while len(folder) > len(root):
                python.setdefault(folder, set()).add(path)
                folder = folder.rpartition("/")[0]
    whole = {folder for folder, members in python.items() if members <= leaving}
    return {folder for folder in whole if folder.rpartition("/")[0] not in whole}
