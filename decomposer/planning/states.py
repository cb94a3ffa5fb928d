"""How far each context has come: planned, extracted, verified, cut over; and what is next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from decomposer.model.config import COPIES, CORE, Config, RuleSet
from decomposer.planning.codebase import Codebase


class State(StrEnum):
    """The states of a context in order; routed is one whose service has any of its traffic."""

    PLANNED = "planned"
    IN_PART = "extracted in part"
    EXTRACTED = "extracted"
    VERIFIED = "verified"
    ROUTED = "routed"
    CUT_OVER = "cut over"


class Standing(StrEnum):
    """What a context's certificate is worth: it holds for the files as they are, for others, or it fails."""

    NONE = "none"
    HOLDS = "holds"
    STALE = "stale"
    FAILS = "fails"


class Amount(Struct, frozen=True):
    """So many files, with so many lines."""

    files: int = 0
    lines: int = 0


class Progress(Struct, frozen=True):
    """How far a context, or the core, has come.

    `operations` is None where that is not known; `routed` is how much of its traffic goes to its service, in percent,
    None where there is no switch for it. `next` is the command that takes it a step further, "" when there is
    nothing left to do.
    """

    name: str
    phase: int
    state: State
    certificate: Standing
    moved: Amount
    left: Amount
    copied: Amount
    operations: int | None
    next: str
    routed: int | None = None


class Known(Struct, frozen=True):
    """What the disk tells: the paths below a folder, a file's lines, whether it is a copy, what certificates are worth.

    `routed` is how much of a context's traffic goes to its service, in percent, of those that have a switch.
    `recorded` are the operations of each context in the baseline, None where there is no baseline.
    """

    below: Callable[[str], list[str]]
    lines: Callable[[str], int]
    copied: Callable[[str], bool]
    certificates: Mapping[str, Standing]
    recorded: Mapping[str, int] | None
    routed: Mapping[str, int] = {}


def progress(code: Codebase, rule_set: RuleSet, known: Known) -> list[Progress]:
    """The core and every context in the order of phases."""
    return [_core(code, known), *(_context(code, context.name, context.phase, known) for context in rule_set.contexts)]


def next_step(found: Sequence[Progress], has_baseline: bool) -> str:
    """The one command that is next: what is extracted is verified, then more is extracted, then it is cut over."""
    if not has_baseline:  # what has left by then is told besides
        return "decompose verify --baseline" if all(item.state is State.PLANNED for item in found) \
            else "decompose rollback"
    unverified = [item for item in found if item.next.startswith("decompose verify")]
    if len(unverified) > 1:
        return "decompose verify"
    for verb in ("verify", "extract", "route", "cutover"):
        for item in found:
            if item.next.startswith(f"decompose {verb}"):
                return item.next
    return ""


def states(
    config: Config, rule_set: RuleSet, paths: Collection[str], code: Callable[[], Codebase]
) -> dict[str, State]:  # fmt: skip
    """How far the core and each context have come, as their files alone tell; `code` is asked where any has left."""
    there = [context.name for context in rule_set.contexts if extracted(config, context.name, paths)]
    found = {context.name: State.PLANNED for context in rule_set.contexts}
    found[CORE] = State.EXTRACTED if f"{config.service_root(CORE)}/__init__.py" in paths else State.PLANNED
    away = routed_away(config, there)
    known = code() if there else None
    for name in there:
        left = known is not None and left_in(known, name)
        found[name] = State.IN_PART if left else State.CUT_OVER if name in away else State.EXTRACTED
    return found


def carries_copy(config: Config, context: str, path: str) -> bool:
    """Whether a path of a service is where copies are: by the names of others, where it has a package of its own."""
    root = config.service_root(context)
    if config.package_of(context) == config.package:
        return path.startswith(f"{root}/{COPIES}/")
    return path.startswith(f"{config.service(context)}/src/") and not path.startswith(f"{root}/")


def _core(code: Codebase, known: Known) -> Progress:
    root, there = code.config.root() + "/", code.config.service_root(CORE)
    left = [path for path, name in sorted(code.modules.name_of.items())
            if path.startswith(root) and code.owner(name) == CORE and not code.is_parted(name)
            and not code.is_alias(name)]  # fmt: skip
    moved = [path for path in known.below(there) if path.endswith(".py")]
    left = left if moved else _owned(code, CORE)
    certificate = known.certificates[CORE] if moved else Standing.NONE
    state = State.PLANNED if not moved else State.VERIFIED if certificate is Standing.HOLDS else State.EXTRACTED
    step = {State.PLANNED: "decompose extract core", State.EXTRACTED: "decompose verify core"}.get(state, "")
    return Progress(CORE, 1, state, certificate, _amount(moved, known), _amount(left, known), Amount(), None, step)


def _context(code: Codebase, name: str, phase: int, known: Known) -> Progress:
    config, there = code.config, code.config.service_root(name)
    files = [path for path in known.below(there) if path.endswith(".py")]
    copies = [path for path in known.below(f"{config.service(name)}/src")
              if path.endswith(".py") and carries_copy(config, name, path) and known.copied(path)]  # fmt: skip
    left = left_in(code, name)
    if f"{there}/main.py" not in files:
        left = _owned(code, name)
    away = name in routed_away(config, [name])
    if f"{there}/main.py" not in files:
        moved, state = [], State.PLANNED
    elif away:
        moved = [path for path in files if path not in copies and _is_own(code, path.removeprefix(f"{there}/"))]
        state = State.IN_PART if left else State.CUT_OVER
    else:
        folder = f"{config.service(name)}/"
        moved = [path for module, path in code.modules.path_of.items()
                 if path.startswith(folder) and not _is_part(code, module)]  # fmt: skip
        holds = known.certificates[name] is Standing.HOLDS
        state = State.IN_PART if left else State.VERIFIED if holds else State.EXTRACTED
    certificate = Standing.NONE if state is State.PLANNED else known.certificates[name]
    routed = known.routed.get(name) if state is not State.PLANNED and not away else None
    if state is State.VERIFIED and routed:
        state = State.ROUTED
    steps = {State.PLANNED: "extract", State.IN_PART: "extract", State.EXTRACTED: "verify", State.VERIFIED: "cutover",
             State.ROUTED: "cutover",
             State.CUT_OVER: "" if certificate is Standing.HOLDS else "verify"}  # fmt: skip
    step = f"decompose {steps[state]} {name}" if steps[state] else ""
    if steps[state] == "cutover" and routed is not None and routed < 100:
        step = f"decompose route {name} --to service"
    if steps[state] == "cutover" and config.finish.has_ended:
        step = ""  # nothing leads to the monolith any more
    operations = {(r.method, r.path) for r in code.served
                  if code.assignment.context(r.source) == name and r.method not in ("MOUNT", "WEBSOCKET")}  # fmt: skip
    count: int | None = len(operations)
    if away and state is not State.PLANNED:
        count = known.recorded.get(name, 0) if known.recorded is not None else None
    return Progress(name, phase, state, certificate, _amount(moved, known), _amount(left, known),
                    _amount(copies, known), count, step, routed)  # fmt: skip


def _owned(code: Codebase, context: str) -> list[str]:
    """The files of the monolith that belong to a context."""
    root = code.config.root() + "/"
    return [path for path in sorted(code.modules.name_of)
            if path.startswith(root) and code.assignment.context(path) == context]  # fmt: skip


def _is_part(code: Codebase, module: str) -> bool:
    """Whether a module of a service in a package of its own did not come from the monolith, but was made for it."""
    if module.partition(".")[0] == code.config.package:
        return False
    below = module.partition(".")[2]
    return below == "main" or code.is_alias(module) or (code.is_package(module) and not code.has_code(module))


def _is_own(code: Codebase, below: str) -> bool:
    """Whether a file of a service that was cut over is not only its part of what the monolith has too."""
    there = f"{code.config.root()}/{below}"
    return not below.endswith("__init__.py") and there not in code.facts and below != "main.py"


def _amount(paths: Sequence[str], known: Known) -> Amount:
    return Amount(len(paths), sum(map(known.lines, paths)))


def extracted(config: Config, context: str, paths: Iterable[str]) -> bool:
    """Whether a context has a service."""
    return f"{config.service_root(context)}/main.py" in set(paths)


def routed_away(config: Config, contexts: Sequence[str]) -> set[str]:
    """Of these contexts, those whose service no package of the monolith looks into."""
    return {
        context for context in contexts
        if not any(f"{home.folder}/".startswith(f"{config.service(context)}/") for home in config.homes)
    }  # fmt: skip


def left_in(code: Codebase, context: str) -> list[str]:
    """The files of a context that are still in the monolith; barrels of folders that stay, and aliases, are not."""
    root = code.config.root() + "/"
    return [
        path for path, name in sorted(code.modules.name_of.items())
        if path.startswith(root) and code.assignment.context(path) == context
        and not code.modules.is_package(path) and not hands_on_only(code, name)
    ]  # fmt: skip


def hands_on_only(code: Codebase, module: str) -> bool:
    """Whether a module of the monolith only leads to modules that have gone elsewhere."""
    facts, root = code.of(module), code.config.root() + "/"
    if any(definition.name.partition(".")[0] != "_Alias" for definition in facts.definitions):
        return False
    targets = [code.modules.longest(fact.module if fact.is_from else fact.names[0][0])[0]
               for fact in facts.imports if not fact.level]  # fmt: skip
    ours = [code.path(target) for target in targets if target]
    return bool(ours) and not any(path.startswith(root) for path in ours)
