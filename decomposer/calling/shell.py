"""The requests that scripts, workflows and documents make with curl and wget."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from decomposer.model.http_calls import HttpCall, Literal, Piece

_PROGRAM = re.compile(r"(?<![\w/.-])(?:curl|wget)(?=\s)")
_CONTINUED = re.compile(r"\\\r?\n[ \t]*")
_URL = re.compile(r"""(?P<quote>["']?)(?P<url>(?:https?://|\$\{?\w+[^\s"'|;&()<>]*?/|\{\{[^}]*\}\}/)"""
                  r"""(?:<[\w-]+>|[^\s"'|;&()<>`])*)""")
_HOLE = re.compile(r"\$\{(?P<name>\w+)(?::-(?P<default>[^}]*))?[^}]*\}|\$(?P<plain>\w+)|\{\{\s*(?P<jinja>[^}]*?)\s*\}\}"
                   r"|<(?P<angle>[\w-]+)>")  # fmt: skip
_DATA = frozenset({"-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--json", "-F", "--form",
                   "--post-data"})  # fmt: skip


def shell_calls(text: str) -> list[HttpCall]:
    """The requests of a text in order of their lines; offsets are those of its text as UTF-8."""
    found = []
    for program in _PROGRAM.finditer(text):
        command = _command(text, program.end())
        url = _URL.search(command)
        if url is None:
            continue
        start = len(text[: program.end() + url.start("url")].encode())
        literal = Literal(start, start + len(url["url"].encode())) if url["quote"] != "'" else Literal()
        line = text.count("\n", 0, program.start()) + 1
        found.append(HttpCall(line, _method(command), tuple(_pieces(url["url"])), program[0], literal))
    return sorted(found)


def _command(text: str, start: int) -> str:
    """What stands behind a program's name up to the end of its logical line."""
    end = start
    while True:
        stop = text.find("\n", end)
        if stop < 0:
            return text[start:]
        if not text[:stop].rstrip("\r").endswith("\\"):
            return text[start:stop]
        end = stop + 1


def _method(command: str) -> str:
    """The method that the words of a command ask for."""
    try:
        words = shlex.split(_CONTINUED.sub(" ", command), comments=False)
    except ValueError:
        words = command.split()
    for number, word in enumerate(words):
        if word in ("|", "||", "&&", ";"):
            break
        if word in ("-X", "--request") and number + 1 < len(words):
            return words[number + 1].upper().strip("\"'")
        if word.startswith("-X") and len(word) > 2:
            return word[2:].upper()
        if word in ("-I", "--head"):
            return "HEAD"
        if word in _DATA:
            return "POST"
    return "GET"


def _pieces(url: str) -> Iterator[Piece]:
    end = 0
    for found in _HOLE.finditer(url):
        if found.start() > end:
            yield Piece(url[end : found.start()])
        name = found["name"] or found["plain"] or found["jinja"] or found["angle"]
        yield Piece(name, True, found["default"] or "")
        end = found.end()
    if url[end:]:
        yield Piece(url[end:])
