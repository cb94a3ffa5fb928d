"""That a service stands alone: on its own files, the core's, and the requirements that it declares."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from decomposer.checks.contract import shortened
from decomposer.model.certificate import NOT_CHECKED, Check, checked
from decomposer.model.counting import counted
from decomposer.model.probes import Baseline, Probe


class Wheel(Struct, frozen=True):
    """What came of a distribution's wheel: why it could not be built, notes, and a probe of it in an empty environment.

    `folders` are where the wheels were unpacked, relative to the repository; `unmet` are requirements that are wrong
    by what is installed.
    """

    error: str = ""
    notes: tuple[str, ...] = ()
    probe: Probe | None = None
    folders: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()


def imports_alone(before: Baseline, now: Probe) -> Check:
    """That every module imports; one that did not import in the monolith either is told, and no failure."""
    trouble, known = _failures(before, now)
    if now.ended:
        trouble.insert(0, now.failed())
    return checked("imports-alone", "every module imports with only the service and the core on the path",
                   shortened(trouble), [counted(len(now.imports), "module"), *shortened(known)])  # fmt: skip


def names_resolve(before: Baseline, now: Probe, moved: Mapping[str, str]) -> Check:
    """That every module name that could be imported in the monolith still can: pickles, tasks and loggers have them.

    And that it is the module that it was: of the paths `moved` each has gone to another one, where it has to be found.
    """
    failed = {module: f"{place}: {error}" for module, error, place in now.imports if error}
    there = {module for module, _, _ in now.imports}
    trouble = []
    for module, error, _ in before.probe.imports:
        if not error and module in failed:
            trouble.append(f"{failed[module]} (importing {module})")
        elif not error and module not in there:
            trouble.append(f"{module} is not found any more")
    for module, path in before.probe.files.items():
        file, place = now.files.get(module, path), moved.get(path, path)
        if file not in (path, place) and place in moved.values():
            trouble.append(f"{module} is {file}, and has gone to {place}")
    if now.ended:
        trouble.insert(0, now.failed())
    return checked("monolith-names", "every module of the monolith still imports by its name", shortened(trouble),
                   [counted(len(before.probe.imports), "module")])  # fmt: skip


def boots(name: str, claim: str, now: Probe) -> Check:
    """That the application boots."""
    failed = now.failed()
    return checked(name, claim, [failed] if failed else [], [f"Python {now.python}"] if now.python else [])


def only_own_modules(now: Probe, own: Sequence[str], others: Mapping[str, str]) -> Check:
    """That nothing is loaded from the monolith or another service; `others` names folders that are somebody's."""
    trouble: list[str] = []
    for module, file in now.files.items():
        if file not in own and not file.startswith(tuple(f"{folder}/" for folder in own)):
            whose = next((whose for folder, whose in others.items() if file.startswith(f"{folder}/")), "the repository")
            importer = now.importers.get(module, "")
            by = f", imported at {importer}" if importer else ""
            trouble.append(f"{module} is loaded from {whose} ({file}){by}")
    return checked("own-modules", "nothing is loaded from the monolith or from another service", shortened(trouble),
                   [f"{counted(len(now.files), 'module')} of the repository loaded"])  # fmt: skip


def wheel_builds(wheel: Wheel | None) -> Check:
    """That a wheel can be made of it."""
    claim = "its wheel builds"
    if wheel is None:
        return Check("wheel", claim, NOT_CHECKED, ("not asked for",))
    return checked("wheel", claim, [wheel.error] if wheel.error else [], list(wheel.notes))


def wheel_boots(before: Baseline, wheel: Wheel | None, source: Probe) -> Check:
    """That it boots from wheels alone, with what it declares, and serves what it serves from its folder."""
    claim = "from wheels in an empty environment it imports, boots and serves the same"
    if wheel is None or wheel.probe is None:
        return Check("deployable", claim, NOT_CHECKED, ("there is no wheel",))
    now = wheel.probe
    trouble = [now.failed()] if now.failed() else []
    trouble += _failures(before, now)[0]
    if not now.failed() and not source.failed():
        kinds = [[(route.operations(), route.handler()) for route in probe.routes] for probe in (source, now)]
        if kinds[0] != kinds[1]:
            trouble.append("it serves other routes than from its folder")
    routes = counted(len(now.routes), "route")
    told = [] if before.startup else ["its lifespan was not started, nor what that needs (verify --baseline --startup)"]
    return checked("deployable", claim, shortened(trouble), [f"{routes}, Python {now.python}", *told])


def all_declared(wheel: Wheel | None) -> Check:
    """That whatever its own files import comes with its requirements, and that these have the names that they should.

    Imports inside functions count.
    """
    claim = "everything it imports is declared, by the right names"
    if wheel is None or wheel.probe is None:
        return Check("declared", claim, NOT_CHECKED, ("there is no wheel",))
    seen = wheel.probe
    fatal = {place for _, error, place in seen.imports if error} | {seen.boot_place, seen.place}
    missing = dict([item for item in seen.refused if item[1] in fatal])
    missing |= {name: place for name, place in seen.undeclared if not name.startswith("?")}
    trouble = [f"{place}: imports {name}, which no requirement provides" for name, place in sorted(missing.items())]
    trouble += wheel.unmet
    notes = [f"{place}: does without {name}, which no requirement provides"
             for name, place in seen.refused if name not in missing]  # fmt: skip
    notes += [f"{place}: imports {name[1:]}, which is not installed here, nor is all that is required"
              for name, place in seen.undeclared if name.startswith("?")]  # fmt: skip
    return checked("declared", claim, shortened(trouble), shortened(notes))


def _failures(before: Baseline, now: Probe) -> tuple[list[str], list[str]]:
    """What does not import, and what did not in the monolith either, unless for want of something that was there.

    There it may have failed for another reason, in a package that the service has only a part of.
    """
    broken = {_below(module) for module, error, _ in before.probe.imports if error}
    causes = {_cause(error) for _, error, _ in before.probe.imports}
    there = {module for module, _, _ in before.probe.imports}
    there |= {module.partition(".")[0] for module, _, _ in now.imports} | {_below(module) for module in there}
    trouble: list[str] = []
    known: list[str] = []
    for module, error, place in now.imports:
        told = f"{place}: {error} (importing {module})"
        names = _below(module).split(".")
        was_broken = any(".".join(names[:count]) in broken for count in range(1, len(names) + 1))  # with its package
        if error and was_broken and _cause(error) in causes:
            known.append(f"as in the monolith: {told}")
        elif error and was_broken and not _is_wanting(error, there):
            known.append(f"nor did it import in the monolith: {told}")
        elif error:
            trouble.append(told)
    return trouble, known


def _is_wanting(error: str, there: Collection[str]) -> bool:
    """Whether something is wanting that the monolith had: one of its modules, or a name of one."""
    missing = re.match(r"ModuleNotFoundError: No module named '([\w.]+)'", error)
    if missing is None:
        return error.startswith("ImportError")
    return missing[1] in there or ("." in missing[1] and _below(missing[1]) in there)


def _cause(error: str) -> str:
    """An error without what another place makes of it: the top package of quoted names, and paths."""
    return re.sub(r"\(/[^)]*\)", "", re.sub(r"'\w+\.", "'.", error))


def _below(module: str) -> str:
    """A module's name without the package's, which may be another in a service."""
    return module.partition(".")[2]
