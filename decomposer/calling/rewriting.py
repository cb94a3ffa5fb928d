"""Requests that go to the monolith's own port, led to the service's setting instead, or to the gateway's."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator

from decomposer.calling.callers import SHELLS, Caller
from decomposer.calling.matching import Reach
from decomposer.changeset import Write
from decomposer.model.http_calls import Literal
from decomposer.model.problems import Problem
from decomposer.model.sites import Edit
from decomposer.syntax.bytes_of_text import Text, text_of
from decomposer.syntax.header import first_statement_offset

GATEWAY = "GATEWAY_URL"
"""The setting of what is in front of everything, for an address by which several contexts are asked."""
_STRING = re.compile(rb"""(?P<form>[rRfF]{0,2})(?P<quote>["'])(?P<host>https?://[^/?#"'{}\\]+)(?P<rest>[^"'\\]*)(?P=quote)""")
_URL = re.compile(rb"(?P<host>https?://[^/?#\s$]+)(?P<rest>.*)", re.DOTALL)
_IMPORT = re.compile(rb"^(?:import|from)\s", re.MULTILINE)
_IMPORTS_OS = re.compile(rb"^import os\b", re.MULTILINE)


def setting_of(context: str) -> str:
    """The name of the variable that has the address of a context's service."""
    return f"{re.sub(r'[^A-Za-z0-9]', '_', context).upper()}_URL"


def rewritten(
    callers: Iterable[Caller], serving: Collection[str], read: Callable[[str], bytes | None],
    mode: Callable[[str], str], paths: Iterable[str] = (),
) -> tuple[list[Write], list[Problem]]:  # fmt: skip
    """The final bytes of every file whose requests go past the gateway, and those that cannot be led elsewhere.

    Only requests of contexts that have a service are; those of tests and documents stay. `paths` are all files: in
    others a client may be used that is kept where they find it.
    """
    places: dict[str, dict[Literal, list[Caller]]] = {}
    for caller in callers:
        if caller.answered.reach is Reach.DIRECT and caller.kind == "code":
            places.setdefault(caller.path, {}).setdefault(caller.call.literal, []).append(caller)
    writes: list[Write] = []
    problems: list[Problem] = []
    paths = tuple(paths)
    for path, literals in sorted(places.items()):
        source = read(path) or b""
        text = text_of(source) if path.endswith(".py") else Text(source, "utf-8", b"")
        edits = []
        for literal, asking in sorted(literals.items()):
            contexts = {caller.operation.context if caller.operation else "" for caller in asking}
            handed = next((caller for caller in asking if caller.call.handed_on), None)
            if handed is not None and serving:
                problems.append(_handed_on(path, handed))
            if handed is not None or not contexts & set(serving):
                continue
            user = _other_user(path, asking, [other for other in paths if other.endswith(".py")], read)
            if user:
                problems.append(_shared(path, asking[0], user))
                continue
            setting = setting_of(*contexts) if len(contexts) == 1 else GATEWAY
            edit = _edit(path, text, literal, setting)
            if edit is not None:
                edits.append(edit)
            else:
                problems.append(_left(path, asking[0], setting))
        if edits:
            content = text.edited([*edits, *_import(path, text)])
            writes.append(Write(path, content, "requests led to services", mode(path)))
    return writes, problems


def _edit(path: str, text: Text, literal: Literal, setting: str) -> Edit | None:
    """What takes the place of an address's beginning, None where it is not written in one piece that can be led."""
    written = text.utf8[literal.start : literal.end] if literal.start >= 0 else b""
    name = setting.encode()
    if path.endswith(".py"):
        found = _STRING.fullmatch(written)
        if found is None:
            return None
        lookup = b'os.environ.get("' + name + b'", "' + found["host"] + b'")'
        form = found["form"] if b"{" in found["rest"] else re.sub(b"[fF]", b"", found["form"])
        rest = b" + " + form + found["quote"] + found["rest"] + found["quote"] if found["rest"] else b""
        return Edit(literal.start, literal.end, lookup + rest)
    found = _URL.fullmatch(written)
    if found is None or posixpath.splitext(path)[1] not in SHELLS:
        return None
    return Edit(literal.start, literal.end, b"${" + name + b":-" + found["host"] + b"}" + found["rest"])


def _import(path: str, text: Text) -> Iterator[Edit]:
    """The import that the lookup of a setting needs, where it is not there."""
    if path.endswith(".py") and not _IMPORTS_OS.search(text.utf8):
        first = first_statement_offset(text.utf8)
        there = _IMPORT.search(text.utf8, first)
        at = there.start() if there else first
        yield Edit(at, at, b"import os" + text.newline())


def _other_user(
    path: str, asking: Iterable[Caller], paths: Iterable[str], read: Callable[[str], bytes | None]
) -> str:  # fmt: skip
    """A file that may ask by the same client as some requests: it names the client, and what keeps it; "" for none."""
    stem = posixpath.basename(path.removesuffix("/__init__.py").removesuffix(".py"))
    for holder, name in sorted({caller.call.held for caller in asking if caller.call.held[1]}):
        said = re.compile(rf"\b{holder or re.escape(stem)}\b".encode())
        form = rf"(?<!\bself)(?<!\bcls)\.{name}\b|^class \w+\([^)]*\b{holder}\b" if holder else rf"\b{name}\b"
        named = re.compile(form.encode(), re.MULTILINE)
        for other in paths:
            source = (read(other) or b"") if other != path else b""
            if said.search(source) and named.search(source):
                return other
    return ""


def _shared(path: str, caller: Caller, user: str) -> Problem:
    told = f"asks the monolith for {caller.call.shown()} by a client that {user} may use too, for what is not known"
    return Problem(path, caller.call.line, "asks-monolith", told, f"let it take the address from {GATEWAY}", "warning")


def _handed_on(path: str, caller: Caller) -> Problem:
    told = f"hands on a client of the monolith's own address ({caller.call.shown()}): who asks what by it is not known"
    hint = f"let it take the address from {GATEWAY}, or from the setting of the only context that is asked"
    return Problem(path, caller.call.line, "asks-monolith", told, hint, "warning")


def _left(path: str, caller: Caller, setting: str) -> Problem:
    told = f"asks the monolith for {caller.call.shown()} past the gateway"
    return Problem(path, caller.call.line, "asks-monolith", told, f"let it take the address from {setting}", "warning")
