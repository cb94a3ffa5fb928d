"""The first and last line of every logical line of a module, found by one regular expression.

A logical line is what Python's grammar calls one: a simple statement (or several, joined by `;`), the header
of a compound statement, a decorator, an `else`. It may span physical lines through brackets, triple quotes
and backslashes. LibCST keeps no line numbers, and rendering its tree to get them takes longer than parsing.

The text must be one that parses, with `\\n` as its only line end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class LogicalLines:
    """Logical lines in source order, handed out one by one as the statements that stand on them are read."""

    starts: Sequence[int]
    ends: Sequence[int]
    taken: int = 0

    def take(self) -> int:
        """The first line of the next logical line; an IndexError where there is none."""
        taken = self.taken
        self.taken = taken + 1
        return self.starts[taken]

    @property
    def end(self) -> int:
        """The last line of the logical line that was taken last: where its last token ends."""
        return self.ends[self.taken - 1]

    @property
    def all_taken(self) -> bool:
        """Whether every logical line has been handed out."""
        return self.taken == len(self.starts)


def _plain_string(quote: str) -> str:
    """A pattern for a string in `quote`s, triple-quoted or not, in which braces mean nothing."""
    triple = rf"{quote}{{3}}(?:[^{quote}\\]++|\\[\s\S]|{quote}(?!{quote}{{2}}))*+{quote}{{3}}"
    single = rf"{quote}(?!{quote}{{2}})(?:[^{quote}\\\n]++|\\[\s\S])*+{quote}"
    return f"{triple}|{single}"


def _easy_fstring(quote: str) -> str:
    """A pattern for an f-string that reads the same with the tokenizers before and after Python 3.12.

    Its replacement fields hold no string in its own quotes, no comment and no backslash, and no further field
    but within a format specification.
    """

    def form(delimiter: str, text: str, inside: str, strings: str) -> str:
        flat = rf"\{{{inside}*+(?:(?:{strings}){inside}*+)*+\}}"
        field = rf"\{{{inside}*+(?:(?:{strings}|{flat}){inside}*+)*+\}}"
        return rf"{delimiter}(?:{text}|\{{\{{|\}}\}}|\\[^{{}}]|\\(?=[{{}}])|{field})*+{delimiter}"

    strings = {'"': r"'[^\"'{}\\\n]*+'", "'": r'"[^"\'{}\\\n]*+"'}
    either = "|".join(strings.values())
    triple = form(quote * 3, rf"[^{quote}\\{{}}]++|{quote}(?!{quote}{{2}})", r"[^\"'{}\\#]", either)
    single = form(rf"{quote}(?!{quote}{{2}})", rf"[^{quote}\\{{}}\n]++", r"[^\"'{}\\\n]", strings[quote])
    return f"{triple}|{single}"


# The prefix of a string has been read as part of the word before it.
_AFTER_F = r"(?:(?<=\b[fFtT])|(?<=\b[fFtT][rR])|(?<=\b[rR][fFtT]))"
_PLAIN = "|".join(map(_plain_string, "\"'"))
_FORMATTED = "|".join(map(_easy_fstring, "\"'"))
_STRING = rf"(?:(?=[\"'])(?:(?!{_AFTER_F})(?:{_PLAIN})|{_AFTER_F}(?:{_FORMATTED})))"
_WORD = r"[^ \t\f;\n\"'#()\[\]{}\\]++"
_GAP = r"(?:[ \t\f;]|\\\n)"
_GAP_INSIDE = r"(?:[ \t\f;\n]|\\\n|#[^\n]*+)"


def _token(depth: int) -> str:
    """A pattern for a word, a string, or a pair of brackets that nests no deeper than `depth`."""
    if depth == 0:
        return f"(?:{_WORD}|{_STRING})"
    return rf"(?:{_WORD}|{_STRING}|[(\[{{](?:{_GAP_INSIDE}*+{_token(depth - 1)})*+{_GAP_INSIDE}*+[)\]}}])"


# A match runs as far as it can: to the end of the line, or to a bracket or a string that is too much for it.
# The empty group stands where the last token ends.
_BLANK = re.compile(r"(?:[ \t\f]|\\?\n|#[^\n]*+)*+")
_OUTSIDE = re.compile(rf"(?:{_GAP}*+{_token(4)})*+(){_GAP}*+(?:#[^\n]*+)?+(\n|[(\[{{\"']|\Z)")
_INSIDE = re.compile(rf"(?:{_GAP_INSIDE}*+{_token(4)})*+(){_GAP_INSIDE}*+([()\[\]{{}}\"'])")
_IN_FSTRING = re.compile(r"\\[^{}]|\{\{|\}\}|[{\"']")
_IN_FIELD = re.compile(rf"{_STRING}|!=|#[^\n]*+|[()\[\]{{}}:\"']")
_IN_SPECIFICATION = re.compile(r"[{}]")


def logical_lines(text: str) -> LogicalLines:
    """The logical lines of `text`; a ValueError where it is misunderstood, as no valid module should be."""
    starts: list[int] = []
    ends: list[int] = []
    position = counted = 0
    line = 1
    size = len(text)
    while True:
        position = _end(_BLANK, text, position)
        if position >= size:
            return LogicalLines(starts, ends)
        line += text.count("\n", counted, position)
        starts.append(line)
        last_token, next_line = _logical_line(text, position)
        line += text.count("\n", position, last_token)
        ends.append(line)
        position, counted = next_line, last_token


def _logical_line(text: str, position: int) -> tuple[int, int]:
    """Where the last token of the logical line at `position` ends, and where the next line begins."""
    depth = 0
    while True:
        match = (_INSIDE if depth else _OUTSIDE).match(text, position)
        if match is None:
            raise ValueError("brackets do not match")
        stop = match[2]
        position = match.end()
        if stop in ("\n", ""):
            return match.start(1), position
        if stop in "\"'":
            position = _fstring_end(text, position - 1)
        else:
            depth += 1 if stop in "([{" else -1


def _fstring_end(text: str, start: int) -> int:
    """Where the f-string ends whose opening quote is at `start`, by the rules of PEP 701."""
    quote = text[start]
    if text.startswith(quote * 3, start):
        quote *= 3
    position = start + len(quote)
    while True:
        match = _search(_IN_FSTRING, text, position)
        position = match.end()
        if match[0] == "{":
            position = _field_end(text, position)
        elif text.startswith(quote, match.start()):
            return match.start() + len(quote)


def _field_end(text: str, position: int) -> int:
    """Where the replacement field ends whose opening brace is just before `position`."""
    depth = 0
    while True:
        match = _search(_IN_FIELD, text, position)
        token = match[0]
        position = match.end()
        if token in ("'", '"'):
            position = _fstring_end(text, match.start())
        elif token in ("(", "[", "{"):
            depth += 1
        elif token in (")", "]", "}"):
            if depth == 0:
                return position
            depth -= 1
        elif token == ":" and depth == 0:
            return _specification_end(text, position)


def _specification_end(text: str, position: int) -> int:
    """Where the field ends whose format specification begins at `position`: quotes mean nothing here."""
    while True:
        match = _search(_IN_SPECIFICATION, text, position)
        if match[0] == "}":
            return match.end()
        position = _field_end(text, match.end())


def _search(pattern: re.Pattern[str], text: str, position: int) -> re.Match[str]:
    match = pattern.search(text, position)
    if match is None:
        raise ValueError("an f-string does not end")
    return match


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position
