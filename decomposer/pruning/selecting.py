"""Which findings go: those that are named or sure enough, with what uses them, and without what something needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from decomposer.extracting.tree import Tree
from decomposer.model.dead_code import DEGREES, SURE, DeadCode, Finding
from decomposer.model.near import did_you_mean
from decomposer.model.problems import DecomposerError, Problem
from decomposer.pruning.units import Unit


class Selection(Struct, frozen=True):
    """What goes, the files of tests that go along, and what is to be known of it.

    `unreached` are all modules that nothing reaches, those that stay among them.
    """

    findings: tuple[Finding, ...]
    tests: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    unreached: frozenset[str] = frozenset()

    def units(self) -> frozenset[Unit]:
        """What goes, by module and name."""
        return frozenset(finding.unit for finding in self.findings)


def select(
    tree: Tree, dead: DeadCode, subjects: Sequence[str], degree: str, with_tests: bool
) -> Selection:  # fmt: skip
    """The findings that are named, or of a degree that is as sure ("" for none), with what uses them.

    What tests use stays, unless these go with it. Raises DecomposerError for what is not dead, or not known.
    """
    known = {finding.unit: finding for finding in dead.findings}
    named = [finding for subject in subjects for finding in _named(tree, dead, subject)]
    limit = SURE.index(degree) if degree else -1
    chosen = {f.unit: f for f in dead.findings if f.degree in SURE[: limit + 1]} | {f.unit: f for f in named}
    _with_users(chosen, known)
    problems: list[Problem] = []
    wanted = {finding.unit for finding in named}
    tests: set[str] = set()
    while True:
        tests = _going_tests(tree, chosen) if with_tests else set()
        blocked = _blocked(tree, chosen, known, tests)
        if not blocked:
            break
        for unit, problem in blocked:
            finding = chosen.pop(unit, None)
            if finding is not None and (unit in wanted or problem.code != "used"):
                problems.append(problem if unit in wanted else replace(problem, severity="warning"))
    unreached = frozenset(finding.module for finding in dead.findings if not finding.name)
    left = tuple(finding for finding in dead.findings if finding.unit in chosen)
    return Selection(left, tuple(sorted(tests)), tuple(problems), unreached)


def _named(tree: Tree, dead: DeadCode, subject: str) -> list[Finding]:
    """The findings that a word means: a subject, a path, or a package with all below it."""
    path = subject.removeprefix("./").rstrip("/")
    names = (subject, path)
    found = [f for f in dead.findings
             if subject in (f.subject(), f"{f.module}.{f.name}") or (not f.name and f.path in names)]  # fmt: skip
    modules = tree.code.modules
    if found and found[0].kind == "package":
        found += [f for f in dead.findings if not f.name and f.module.startswith(found[0].module + ".")]
    if found:
        return found
    module, name = modules.longest(subject.replace(":", "."))
    module = modules.name_of.get(path, module)
    if module and (not name or module == modules.name_of.get(path) or name in tree.code.symbols.defined(module)):
        told = f"{subject} is reached, or does something by being there"
        hint = "decompose prune lists what is not"
        raise DecomposerError(Problem(modules.path_of[module], 0, "not-dead", told, hint))
    hint = did_you_mean(subject, [f.path if "/" in subject and not f.name else f.subject() for f in dead.findings],
                        "decompose prune lists what is dead", "")
    raise DecomposerError(Problem(subject, 0, "no-subject", "there is no such module, function or class", hint))


def _with_users(chosen: dict[Unit, Finding], known: Mapping[Unit, Finding]) -> None:
    """Takes along what uses something that goes: it is dead too, and would be broken."""
    waiting = list(chosen.values())
    while waiting:
        for user in waiting.pop().users:
            found = known.get(user) or known.get((user[0], ""))
            if found is not None and found.unit not in chosen and found.degree in SURE:
                chosen[found.unit] = found
                waiting.append(found)


def _going_tests(tree: Tree, chosen: Mapping[Unit, Finding]) -> set[str]:
    """The files of tests that touch nothing of the package but what goes; fixtures stay."""
    touched: dict[str, set[Unit]] = {}
    for edge in tree.graph.edges:
        if edge.target and edge.kind not in ("test", "route"):
            names = edge.names or ("",)
            touched.setdefault(edge.path, set()).update((edge.target, name.partition(".")[0]) for name in names)
    roles = {node.path: node.role for node in tree.graph.nodes}
    return {
        path for path, units in touched.items()
        if roles.get(path) == "test" and not path.endswith("conftest.py")
        and all((module, "") in chosen or (module, name) in chosen for module, name in units)
    }  # fmt: skip


def _blocked(
    tree: Tree, chosen: Mapping[Unit, Finding], known: Mapping[Unit, Finding], tests: Collection[str]
) -> list[tuple[Unit, Problem]]:
    """What cannot go after all, and why."""
    found = []
    for unit, finding in chosen.items():
        staying = [path for path in finding.tests if path not in tests]
        users = [user for user in finding.users if _stays(user, chosen)]
        below = [other for other in _below(tree, finding) if other not in chosen]
        if staying:
            more = f" and {len(staying) - 1} more" if len(staying) > 1 else ""
            told = f"{finding.subject()} stays: {staying[0]}{more} would miss it"
            hint = "--tests takes tests along that test nothing else"
            hint = "" if tests or staying[0].endswith("conftest.py") else hint
            found.append((unit, Problem(finding.path, finding.line, "tests-use-it", told, hint)))
        elif users:
            user = users[0][0] + (f":{users[0][1]}" if users[0][1] else "")
            found.append((unit, Problem(finding.path, finding.line, "used", f"{finding.subject()} is used by {user}, "
                          f"which stays ({DEGREES[_of(users[0], known)]})", f"name {user} too")))  # fmt: skip
        elif below:
            found.append((unit, Problem(finding.path, 0, "used", f"{finding.subject()} has modules that stay")))
    return found


def without_needed(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings but for those that something uses which is not among them, or not any more."""
    left = {finding.unit: finding for finding in findings}
    while needed := [unit for unit, one in left.items() if any(_stays(user, left) for user in one.users)]:
        for unit in needed:
            del left[unit]
    return tuple(left.values())


def _stays(user: Unit, chosen: Mapping[Unit, Finding]) -> bool:
    return user not in chosen and (user[0], "") not in chosen


def _of(user: Unit, known: Mapping[Unit, Finding]) -> str:
    found = known.get(user) or known.get((user[0], ""))
    return found.degree if found is not None else next(reversed(DEGREES))


def _below(tree: Tree, finding: Finding) -> Iterable[Unit]:
    """The modules of a package."""
    if finding.kind != "package":
        return ()
    return [(name, "") for name in tree.code.modules.path_of if name.startswith(finding.module + ".")]
