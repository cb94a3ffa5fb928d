"""The tables that a text of SQL names: after FROM, JOIN, INTO, UPDATE and what changes tables themselves.

A tokenizer and no grammar: texts have holes where values come in when they run, and are of any dialect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from decomposer.model.queries import HOLE

_TOKEN = re.compile(
    r"""(?P<skip>\s+|--[^\n]*|/\*.*?\*/|'(?:[^']|'')*')|(?P<name>"(?:[^"]|"")+"|`[^`]+`|\[[^\]\d][^\]]*\]"""
    rf"""|[A-Za-z_{HOLE}][\w${HOLE}]*)|(?P<mark>.)""", re.DOTALL,
)  # fmt: skip
_PREFIXES = frozenset({"ONLY", "TABLE", "IF", "NOT", "EXISTS", "LATERAL", "IGNORE", "LOW_PRIORITY"})
_AFTER = frozenset({
    "AS", "WHERE", "SET", "ON", "USING", "JOIN", "LEFT", "RIGHT", "INNER", "OUTER", "CROSS", "FULL", "NATURAL", "GROUP",
    "ORDER", "LIMIT", "OFFSET", "HAVING", "UNION", "EXCEPT", "INTERSECT", "FOR", "VALUES", "SELECT", "RETURNING",
    "WINDOW", "DEFAULT", "LATERAL", "FETCH",
})  # fmt: skip
_CHANGING = frozenset({"ALTER", "DROP", "TRUNCATE", "CREATE"})


class Named(Struct, frozen=True):
    """A table that a statement names, without its schema; `writes` says that it changes the table."""

    table: str
    writes: bool


def named_tables(text: str) -> list[Named]:
    """The tables by first mention, each once; what a WITH names is none, a hole in a name stays in it."""
    words = list(_words(text))
    common = {words[i].lower() for i in range(len(words) - 2)
              if words[i + 1].upper() == "AS" and words[i + 2] in "(" and (i == 0 or words[i - 1].upper() in _HEADS)}
    found: dict[str, bool] = {}
    for name, writes in _mentions(words):
        if name.lower() not in common:
            found[name] = found.get(name, False) or writes
    return [Named(name, writes) for name, writes in found.items()]


def created_names(text: str) -> list[str]:
    """The tables and views that a text creates for good, or gives a new name, each without its schema."""
    words = list(_words(text))
    said = ["", *(word.upper() for word in words)]
    found: list[str] = []
    for at, word in enumerate(said[1:]):
        creates = word in ("TABLE", "VIEW") and said[at] in ("CREATE", "UNLOGGED", "REPLACE", "MATERIALIZED")
        if creates or (word == "TO" and said[at] == "RENAME"):
            found += [name for name, _ in list(_list(words, at + 1, True))[:1]]
    return list(dict.fromkeys(found))


_HEADS = frozenset({"WITH", "RECURSIVE", ",", "MATERIALIZED"})


def _words(text: str) -> Iterator[str]:
    """The names, keywords and marks of a text; quoted names keep their first quote, so that none is a keyword."""
    for token in _TOKEN.finditer(text):
        if token["name"]:
            name = token["name"]
            yield f'"{name[1:-1]}' if name[0] in '"`[' else name
        elif token["mark"]:
            yield token["mark"]


def _mentions(words: list[str]) -> Iterator[tuple[str, bool]]:
    inside: list[str] = [""]
    """Of each parenthesis that is open the word before it, as a function's name is."""
    for at, word in enumerate(words):
        before = words[at - 1].upper() if at else ""
        if word == "(":
            inside.append(before)
        elif word == ")" and len(inside) > 1:
            inside.pop()
        match word.upper():
            case "FROM" if before != "DISTINCT" and inside[-1] not in ("EXTRACT", "TRIM", "SUBSTRING", "OVERLAY"):
                yield from _list(words, at + 1, before == "DELETE")
            case "JOIN" | "USING":
                yield from _list(words, at + 1, False)
            case "INTO":
                yield from _list(words, at + 1, True)
            case "UPDATE" if before not in ("FOR", "DO", "ON", "KEY"):
                for name, _ in _list(words, at + 1, True):
                    if "SET" in [later.upper() for later in words[at:]]:
                        yield name, True
            case "TABLE" if before in _CHANGING or before == "LOCK":
                yield from _list(words, at + 1, True)
            case "TRUNCATE" if "TABLE" not in [later.upper() for later in words[at + 1 : at + 2]]:
                yield from _list(words, at + 1, True)
            case "REFERENCES":
                yield from _list(words, at + 1, False)


def _list(words: list[str], at: int, writes: bool) -> Iterator[tuple[str, bool]]:
    """The names of a list of tables that begins there, each without its schema."""
    while at < len(words):
        while at < len(words) and words[at].upper() in _PREFIXES:
            at += 1
        if at >= len(words) or not _is_name(words[at]):
            return
        while at + 2 < len(words) and words[at + 1] == "." and _is_name(words[at + 2]):
            at += 2
        if at + 1 < len(words) and words[at + 1] == "(" and not writes and words[at][0] != '"' \
                and words[max(at - 1, 0)].upper() != "REFERENCES":  # fmt: skip
            return  # a function that gives rows
        yield words[at].lstrip('"'), writes
        at += 1
        if at < len(words) and words[at].upper() == "AS":
            at += 1
        if at < len(words) and _is_name(words[at]) and words[at].upper() not in _AFTER:
            at += 1
        if at >= len(words) or words[at] != ",":
            return
        at += 1


def _is_name(word: str) -> bool:
    return word[0] == '"' or word[0].isalpha() or word[0] in ("_", HOLE)
