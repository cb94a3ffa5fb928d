"""A TOML file read strictly: every unknown key and wrong type becomes a problem with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from decomposer.model.near import did_you_mean
from decomposer.model.problems import Problem
from decomposer.rules.toml_lines import Place, lines


class Document:
    """A parsed file that collects what is wrong with it in `problems`.

    `text` may hold lone surrogates for bytes that are not UTF-8. A table's `at` says where it stands in the file:
    `("rule", 1)` for the second `[[rule]]`.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.data: dict[str, Any] = {}
        self._lines: dict[Place, int] | None = None
        self._text = text
        try:
            text.encode()
            self.data = tomllib.loads(text)
        except UnicodeEncodeError as error:
            self._broken(text.count("\n", 0, error.start) + 1, "is not UTF-8")
        except tomllib.TOMLDecodeError as error:
            match = re.search(r"at line (\d+)", str(error))
            self._broken(int(match[1]) if match else text.rstrip().count("\n") + 1, f"not valid TOML: {error}")
        except (RecursionError, ValueError) as error:  # a number of thousands of digits
            told = "nested too deeply" if isinstance(error, RecursionError) else str(error)
            self._broken(1, f"not valid TOML: {told}")

    def complain(self, place: Place, code: str, message: str, hint: str = "") -> None:
        """Adds a problem at a place of the file, or where the nearest thing around it begins."""
        self.problems.append(Problem(self.path, self.line(place), code, message, hint))

    def line(self, place: Place) -> int:
        """The line of a place in the file, or of the nearest thing around it."""
        if self._lines is None:
            self._lines = lines(self._text)
        while place not in self._lines:
            place = place[:-1]
        return self._lines[place]

    def unknown(self, data: Mapping[str, Any], allowed: tuple[str, ...], at: Place = ()) -> None:
        """Complains of every key that is not allowed, naming the nearest that is."""
        for key in data:
            if key not in allowed:
                hint = did_you_mean(key, allowed, f"known keys: {', '.join(allowed)}")
                self.complain((*at, key), "unknown-key", f"unknown key `{key}`", hint)

    def string(self, data: Mapping[str, Any], key: str, default: str, at: Place = ()) -> str:
        """A string, or the default when it is absent or wrong (which is complained of)."""
        value = data.get(key, default)
        if not isinstance(value, str):
            self._wrong((*at, key), "a string")
            return default
        return value

    def integer(self, data: Mapping[str, Any], key: str, default: int, at: Place = ()) -> int:
        """A whole number, or the default when it is absent or wrong (which is complained of)."""
        value = data.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            self._wrong((*at, key), "a whole number")
            return default
        return value

    def strings(self, data: Mapping[str, Any], key: str, at: Place = ()) -> tuple[str, ...]:
        """A list of strings (one string counts as a list of one), () when it is absent or wrong."""
        value = data.get(key, [])
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._wrong((*at, key), "a list of strings")
            return ()
        return tuple(value)

    def table(self, data: Mapping[str, Any], key: str, at: Place = ()) -> Mapping[str, Any]:
        """A table, empty when it is absent or wrong (which is complained of)."""
        value = data.get(key, {})
        if not isinstance(value, dict):
            self._wrong((*at, key), "a table")
            return {}
        return value

    def _wrong(self, place: Place, expected: str) -> None:
        self.complain(place, "wrong-type", f"`{place[-1]}` must be {expected}")

    def _broken(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.path, line, "toml-syntax", message))
