"""The line of every table, key and list item of a TOML file, which the standard parser does not tell."""

from __future__ import annotations

import re
import tomllib

Place = tuple[str | int, ...]
"""Where a value stands: keys, and positions in lists: `("rule", 1, "paths", 0)`."""

_GAP = re.compile(r"(?:[\s,]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE = re.compile(r"[\w-]+")
_SCALAR = re.compile(r"[^,\]}\n#]*")


def lines(text: str) -> dict[Place, int]:
    """The line, from 1, of everything in a text that is valid TOML; a table's is the one of its header."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Place, int] = {(): 1}
        self.counts: dict[Place, int] = {}
        self._line, self._counted = 1, 0

    def read(self) -> dict[Place, int]:
        table: Place = ()
        while self._gap() < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self.found

    def _header(self) -> Place:
        is_list = self.text.startswith("[[", self.at)
        line = self._line
        self.at += 2 if is_list else 1
        table = self._key((), through_lists=True)
        if is_list:
            position = self.counts.get(table, 0)
            self.counts[table] = position + 1
            self.found.setdefault(table, line)
            table = (*table, position)
        elif table in self.counts:
            table = (*table, self.counts[table] - 1)
        self.found[table] = line
        self._gap()
        self.at += 2 if is_list else 1
        return table

    def _pair(self, table: Place) -> None:
        place = self._key(table)
        self._gap()
        self.at += 1  # the equals sign
        self._value(place)

    def _key(self, table: Place, through_lists: bool = False) -> Place:
        """A dotted key below a table; in a header, a list of tables stands for its last one."""
        place = table
        while True:
            self._gap()
            if through_lists and place in self.counts:
                place = (*place, self.counts[place] - 1)
            place = (*place, self._name())
            self.found.setdefault(place, self._line)
            self._gap()
            if self.text[self.at] != ".":
                return place
            self.at += 1

    def _name(self) -> str:
        quoted = _STRING.match(self.text, self.at)
        match = quoted or _BARE.match(self.text, self.at)
        if match is None:
            raise ValueError(f"no key at offset {self.at}")
        self.at = match.end()
        return str(tomllib.loads(f"key = {match[0]}")["key"]) if quoted else match[0]

    def _value(self, place: Place) -> None:
        self._gap()
        self.found.setdefault(place, self._line)
        opening = self.text[self.at]
        if opening == "[":
            self.at += 1
            position = 0
            while self.text[self._gap()] != "]":
                self._value((*place, position))
                position += 1
            self.at += 1
        elif opening == "{":
            self.at += 1
            while self.text[self._gap()] != "}":
                self._pair(place)
            self.at += 1
        else:
            match = _STRING.match(self.text, self.at) or _SCALAR.match(self.text, self.at)
            assert match is not None  # a scalar may be of any length
            self.at = match.end()

    def _gap(self) -> int:
        """The offset of what comes next, after white space, commas and comments; counts lines on the way."""
        match = _GAP.match(self.text, self.at)
        assert match is not None  # a gap may be empty
        self.at = match.end()
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self.at
