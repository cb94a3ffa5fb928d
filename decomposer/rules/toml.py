"""A TOML file read strictly: every unknown key and wrong type becomes a problem with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from decomposer.model.problems import Problem


class Document:
    """A parsed file that collects what is wrong with it in `problems`."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.problems: list[Problem] = []
        self.data: dict[str, Any] = {}
        try:
            self.data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            match = re.search(r"at line (\d+)", str(error))
            self.complain(int(match.group(1)) if match else 1, "rule-syntax", f"not valid TOML: {error}")

    def complain(self, line: int, code: str, message: str, hint: str = "") -> None:
        """Adds a problem at a line."""
        self.problems.append(Problem(self.path, line, code, message, hint))

    def line_of(self, key: str, table: str = "", occurrence: int = 0) -> int:
        """The line of a key in a table (`limits`), or in the n-th of an array of tables (`rule`, 0-based)."""
        start = 0
        if table:
            header = re.compile(rf"^\s*\[\[?\s*{re.escape(table)}\s*\]\]?", re.MULTILINE)
            headers = list(header.finditer(self.text))
            if occurrence < len(headers):
                start = headers[occurrence].start()
        match = None
        if key:
            match = re.compile(rf'^\s*"?{re.escape(key)}"?\s*[=.]', re.MULTILINE).search(self.text, start)
        at = match.start() + len(match.group()) - len(match.group().lstrip()) if match else start
        return self.text.count("\n", 0, at) + 1

    def unknown(self, data: Mapping[str, Any], allowed: tuple[str, ...], table: str = "", occurrence: int = 0) -> None:
        """Complains of every key that is not allowed, naming the nearest that is."""
        import difflib

        for key in data:
            if key not in allowed:
                near = difflib.get_close_matches(key, allowed, 1)
                hint = f"did you mean `{near[0]}`?" if near else f"known keys: {', '.join(allowed)}"
                self.complain(self.line_of(key, table, occurrence), "unknown-key", f"unknown key `{key}`", hint)

    def string(self, data: Mapping[str, Any], key: str, default: str, table: str = "", occurrence: int = 0) -> str:
        """A string, or the default when it is absent or wrong (which is complained of)."""
        value = data.get(key, default)
        if not isinstance(value, str):
            self._wrong(key, "a string", table, occurrence)
            return default
        return value

    def integer(self, data: Mapping[str, Any], key: str, default: int, table: str = "", occurrence: int = 0) -> int:
        """A whole number, or the default when it is absent or wrong (which is complained of)."""
        value = data.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            self._wrong(key, "a whole number", table, occurrence)
            return default
        return value

    def strings(self, data: Mapping[str, Any], key: str, table: str = "", occurrence: int = 0) -> tuple[str, ...]:
        """A list of strings (one string counts as a list of one), () when it is absent or wrong."""
        value = data.get(key, [])
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._wrong(key, "a list of strings", table, occurrence)
            return ()
        return tuple(value)

    def _wrong(self, key: str, expected: str, table: str, occurrence: int) -> None:
        self.complain(self.line_of(key, table, occurrence), "wrong-type", f"`{key}` must be {expected}")
