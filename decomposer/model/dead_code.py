"""Code that nothing seems to need, with how sure that is and everything that speaks of it."""

from __future__ import annotations

from msgspec import Struct

from decomposer.model.facts import Value

NOTHING, TESTS, DEAD, LOADED, NAMED, TABLE = "nothing", "tests", "dead-code", "loaded", "named", "name-table"
DEGREES = {
    NOTHING: "nothing refers to it",
    TESTS: "only tests",
    DEAD: "only other dead code",
    LOADED: "loaded for a router that no application includes",
    NAMED: "named in a string or config",
    TABLE: "reachable only if a name table is used",
}
"""How sure it is that something is dead, the surest first, and what a person is told of it."""
SURE = (NOTHING, TESTS, DEAD)
"""The degrees at which something is called dead; what is of another one may well be alive."""


class Part(Value, frozen=True):
    """One function or class at the top level of a module: its first line (a decorator's), the last one, and its makers.

    `decorators` and `bases` are dotted names ("" for what has none), `keywords` those of a class's head.
    """

    name: str
    kind: str
    start: int
    end: int
    decorators: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


class Outline(Value, frozen=True):
    """What a module is made of, and where it uses the names that were asked for.

    `uses` are places where a name stands as an identifier or attribute, `silent` those where it is only defined or
    handed on (imported without another use, listed in `__all__`), both as `(name, line)`. `quoted` are the lines with
    strings that are not there for people only, `looks_up` the means by which it reaches names or modules that it does
    not name, such as `vars`. `is_main` says whether the module does something when it is run, `is_generated` whether it
    says that a program made it.
    """

    parts: tuple[Part, ...] = ()
    uses: frozenset[tuple[str, int]] = frozenset()
    silent: frozenset[tuple[str, int]] = frozenset()
    quoted: frozenset[int] = frozenset()
    looks_up: frozenset[str] = frozenset()
    is_main: bool = False
    is_generated: bool = False


class Evidence(Struct, frozen=True, order=True):
    """One place that speaks of something, or against it.

    `kind` is code, import, test, string, config, document, table, route, or package: what hides a file.
    """

    path: str
    line: int
    kind: str
    text: str = ""

    def place(self) -> str:
        """`path:line`, or only the path where no line is known."""
        return f"{self.path}:{self.line}" if self.line else self.path


class Finding(Struct, frozen=True):
    """A module, or a function or class of one (`name`), that is not reached: its place, the degree, and the evidence.

    A file that no import can reach has its path for its module. `users` are what else that is not reached uses it, as
    `(module, name)`, `tests` the files of tests that do.
    """

    module: str
    name: str
    kind: str
    path: str
    line: int
    end_line: int
    degree: str
    evidence: tuple[Evidence, ...] = ()
    users: tuple[tuple[str, str], ...] = ()
    tests: tuple[str, ...] = ()

    @property
    def unit(self) -> tuple[str, str]:
        """Its module and name."""
        return self.module, self.name

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return self.end_line - self.line + 1 if self.end_line else 0

    def subject(self) -> str:
        """What it is called: `app.services.jobs`, or `app.services.jobs:cancel`."""
        return f"{self.module}:{self.name}" if self.name else self.module


class DeadCode(Struct, frozen=True):
    """All that is not reached, the surest first, and what was looked from: kinds of entries with their names."""

    findings: tuple[Finding, ...]
    entries: tuple[tuple[str, str], ...]
