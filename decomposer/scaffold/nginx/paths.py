"""Routes' paths as segments: what a parameter matches, and which segment covers which."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PARAMETER = re.compile(r"\{\w+(?::(\w+))?\}")
_UUID = "[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}"
ANY = "[^/]+"
FORMS = {"str": ANY, "int": "[0-9]+", "float": r"[0-9]+(?:\.[0-9]+)?", "uuid": _UUID, "path": ".*"}
"""What a parameter of each kind matches, as Starlette's converters say; one of another kind matches any segment."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a path between slashes: its text, or the regular expression of one that has parameters."""

    text: str
    is_form: bool = False

    @property
    def form(self) -> str:
        """The regular expression that matches it."""
        return self.text if self.is_form else escaped(self.text)

    def covers(self, other: Segment) -> bool:
        """Whether it matches everything that another one matches."""
        if self == other or (self == WORD and other != REST and other.text):
            return True
        if not self.is_form or self == REST:
            return False
        if not other.is_form:
            return re.fullmatch(self.text, other.text) is not None
        return (self.text, other.text) == (FORMS["float"], FORMS["int"])


WORD = Segment(ANY, True)
"""Any one segment."""
REST = Segment(".*", True)
"""Everything that follows, slashes too, or nothing; always the last one."""


def escaped(text: str) -> str:
    """The regular expression that matches a text of those characters that a route's path may have."""
    return re.sub(r"([.+])", r"\\\1", text)


def segments(path: str) -> tuple[Segment, ...]:
    """A path's segments; `/v1/` has the segments `v1` and the empty one.

    Raises ValueError for a path with a parameter that takes slashes and is not the whole rest of it.
    """
    found = []
    parts = path.removeprefix("/").split("/")
    for number, part in enumerate(parts):
        kinds = _PARAMETER.findall(part)
        if "path" in kinds:
            if number != len(parts) - 1 or not _PARAMETER.fullmatch(part):
                raise ValueError(f"{path}: a parameter of the kind path that is not all that is left")
            found.append(REST)
        elif kinds:
            texts = _PARAMETER.split(part)[::2]
            forms = [FORMS.get(kind or "str", ANY) for kind in kinds]
            pairs = zip(texts, [*forms, ""], strict=True)
            found.append(Segment("".join(escaped(text) + form for text, form in pairs), True))
        else:
            found.append(Segment(part))
    return tuple(found)


def whole_form(path: str) -> str:
    """The regular expression that a path's requests match from end to end, as Starlette has it."""
    texts = _PARAMETER.split(path)[::2]
    forms = [FORMS.get(kind or "str", ANY) for kind in _PARAMETER.findall(path)]
    return "^" + "".join(escaped(text) + form for text, form in zip(texts, [*forms, ""], strict=True)) + "$"
