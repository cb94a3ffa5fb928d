"""Every request in a repository that the monolith, or a service, is to answer."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct

from decomposer.calling.javascript import PAGES, SCRIPTS, script_calls
from decomposer.calling.matching import Answered, Gates, Reach, Table, answered
from decomposer.calling.shell import shell_calls
from decomposer.model.http_calls import HttpCall
from decomposer.model.problems import Problem
from decomposer.scaffold.system import Operation, System
from decomposer.syntax.http_calls import python_calls

SHELLS = frozenset({".sh", ".bash"})
_TEXTS = frozenset({*SHELLS, ".md", ".rst", ".yml", ".yaml", ".mk", ".service", ".timer", ".ps1"})
_NAMED = re.compile(r"(?:Makefile|Dockerfile.*|justfile|Procfile)")
_TEST = re.compile(r"^test_|^conftest\.py$|_test\.py$|\.(?:test|spec)\.[jt]sx?$")
_LARGEST = 1_000_000
"""No file of so many bytes was written by hand."""
_LOCAL = ("localhost", "127.0.0.1", "0.0.0.0", "[::1]")
_GATEWAYS = frozenset({80, 443})


class Caller(Struct, frozen=True):
    """A request, the file that makes it, and what answers it; `kind` is "code", "test" or "document"."""

    path: str
    call: HttpCall
    answered: Answered
    kind: str

    @property
    def operation(self) -> Operation | None:
        """The operation that answers, None where there is none."""
        return self.answered.operations[0] if self.answered.operations else None


def gates(system: System) -> Gates:
    """Where the monolith and what is in front of it answer: on this machine, or by their names in compose files."""
    monolith = system.monolith
    names = {monolith.name, f"{monolith.prefix}{monolith.name}"}
    return Gates(frozenset({*_LOCAL, *names}), monolith.port, _GATEWAYS)


def callers(
    paths: Iterable[str], read: Callable[[str], bytes | None], system: System, parser: Callable[[str], Any] | None
) -> tuple[list[Caller], list[Problem]]:  # fmt: skip
    """The requests of some files that an operation answers, or none though they go to the monolith; what was not read.

    `parser` gives parsers of scripts, None where there is none.
    """
    doors = gates(system)
    table = Table(one for one in system.operations if one.method != "MOUNT")
    found: list[Caller] = []
    problems: list[Problem] = []
    for path in paths:
        source = read(path)
        if source is None or len(source) > _LARGEST or path.endswith(".min.js"):
            continue
        for call in _calls(path, source, parser, problems):
            told = answered(call, table, doors)
            guessed = call.based and told.reach is Reach.SETTING  # it may be any API that has such a path
            if told.operations or (told.allowed and not guessed) or told.reach is Reach.DIRECT:
                found.append(Caller(path, call, told, _kind(path)))
    return found, problems


def _calls(
    path: str, source: bytes, parser: Callable[[str], Any] | None, problems: list[Problem]
) -> Iterator[HttpCall]:  # fmt: skip
    ending = posixpath.splitext(path)[1].lower()
    if ending == ".py":
        try:
            yield from python_calls(source)
        except (SyntaxError, ValueError, RecursionError) as error:
            line = getattr(error, "lineno", 0) or 0
            problems.append(Problem(path, line, "not-understood", "this Python cannot read it, so its requests are not "
                                    "told", severity="warning"))  # fmt: skip
    elif ending in SCRIPTS or ending in PAGES:
        if parser is not None:
            yield from script_calls(source, ending, parser)
        elif not any(problem.code == "scripts-unread" for problem in problems):
            problems.append(Problem(path, 0, "scripts-unread", "JavaScript and TypeScript are not read",
                                    "pip install 'decomposer[clients]'", "warning"))  # fmt: skip
    elif ending in _TEXTS or _NAMED.fullmatch(posixpath.basename(path)):
        yield from shell_calls(source.decode("utf-8", "replace"))


def _kind(path: str) -> str:
    *folders, name = path.split("/")
    if {"tests", "test", "__tests__"} & set(folders) or _TEST.search(name):
        return "test"
    return "document" if posixpath.splitext(name)[1] in (".md", ".rst") else "code"
