"""Two answers compared: status, headers that matter and body, but for what the monolith itself varies."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

_IGNORED = frozenset({
    "deprecation", "sunset",  # of the monolith, which tells of its end
    "date", "server", "connection", "keep-alive", "transfer-encoding", "content-length", "x-decompose-served-by",
})  # fmt: skip
"""Headers of the connection, and what the servers say of themselves."""
_VARIABLE = re.compile(
    r"(?P<uuid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
    r"|(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)"
    r"|(?P<hex>(?=[0-9a-f]*\d)[0-9a-f]{8,})"  # which may happen to be all digits
    r"|(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)",
    re.IGNORECASE,
)
_ABSENT = object()


class Answer(Struct, frozen=True):
    """An answer as it was received; `trouble` says why there is none, `by` who gave it, where that is told."""

    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    by: str = ""
    trouble: str = ""

    def json(self) -> Any:
        """The body of JSON, absent where it is none."""
        if "json" not in dict(self.headers).get("content-type", ""):
            return _ABSENT
        try:
            return json.loads(self.body)
        except ValueError:
            return _ABSENT


Flat = dict[str, Any]
"""An answer by places: `status`, `header NAME`, `body` or `body /POINTER`.

A list is told by its size, an object by its keys.
"""


def flatten(answer: Answer) -> Flat:
    """Everything of an answer that matters, by place."""
    found: Flat = {"status": answer.trouble or answer.status}
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers:
        headers.setdefault(name.lower(), []).append(value)
    for name, values in headers.items():
        if name == "set-cookie":
            found["header set-cookie"] = ", ".join(sorted(value.partition("=")[0].strip() for value in values))
        elif name not in _IGNORED:
            found[f"header {name}"] = ", ".join(values)
    value = answer.json()
    if value is _ABSENT:
        found["body"] = answer.body
    else:
        found.update(_leaves(value, "body "))
    return found


def _leaves(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield place, f"{{{', '.join(sorted(value))}}}"
        for key, item in value.items():
            yield from _leaves(item, f"{place}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        yield place, f"[{len(value)} items]" if value else "[]"
        for number, item in enumerate(value):
            yield from _leaves(item, f"{place}/{number}")
    else:
        yield place, (type(value).__name__, value)


Volatile = Mapping[str, frozenset[str]]
"""Places that differ between runs of the monolith, each with the shapes that were seen there."""


def volatile(runs: Sequence[Flat]) -> dict[str, frozenset[str]]:
    """What differs between runs of the monolith, all with the same request."""
    places = dict.fromkeys(place for run in runs for place in run)
    found: dict[str, frozenset[str]] = {}
    for place in places:
        values = [run.get(place, _ABSENT) for run in runs]
        if any(value != values[0] for value in values):
            found[place] = frozenset(map(shape, values))
    return found


def kind_of(place: str) -> str:
    """A place without the positions in lists: what varies at one position may vary at all."""
    return re.sub(r"(?<=/)\d+(?=/|$)", "*", place)


def also_varying(varying: Volatile, flat: Flat, kinds: Container[str]) -> dict[str, frozenset[str]]:
    """What varies in an answer, with places of kinds that vary in other answers: by chance they had one value here."""
    found = dict(varying)
    for place, value in flat.items():
        if place not in found and place != "status" and kind_of(place) in kinds:
            found[place] = frozenset({shape(value)})
    return found


def shape(value: Any) -> str:
    """What stays of a value when everything that may vary is taken out of it: `job <uuid> at <time>`."""
    if value is _ABSENT:
        return "absent"
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, tuple):
        kind, value = value
        if kind in ("int", "float"):
            return "number"
        if kind != "str":
            return str(kind)
    return _VARIABLE.sub(lambda match: f"<{match.lastgroup}>", str(value))


def differences(before: Flat, after: Flat, varying: Volatile) -> list[tuple[str, Any, Any]]:
    """Every place at which an answer is not the monolith's, with both values.

    A place that varies may have another value of a shape that was seen there; below a list or an object that
    varies anything may be. A text that had different shapes may have any.
    """
    loose = [place for place, shapes in varying.items() if any(one.startswith(("[", "{")) for one in shapes)]
    found = []
    for place in dict.fromkeys([*before, *after]):
        one, other = before.get(place, _ABSENT), after.get(place, _ABSENT)
        if one == other or any(place.startswith(f"{above.rstrip('/')}/") for above in loose):
            continue
        if place in varying and _may_be(other, varying[place]):
            continue
        found.append((place, one, other))
    return found


def _may_be(value: Any, shapes: frozenset[str]) -> bool:
    """Whether a value has one of the shapes seen, or is a text where texts had several."""
    seen = shape(value)
    texts = [one for one in shapes if one not in ("absent", "number", "bool", "NoneType")]
    is_text = seen not in ("absent", "number", "bool", "NoneType")
    return seen in shapes or (is_text and len(texts) > 1)


def shown(value: Any, most: int = 80) -> str:
    """A value for a person, shortened."""
    if value is _ABSENT:
        return "absent"
    if isinstance(value, bytes):
        text = f"{len(value)} bytes: {value[:most].decode('utf-8', 'replace')}"
    elif isinstance(value, tuple):
        text = json.dumps(value[1], ensure_ascii=False)
    else:
        text = str(value)
    return text if len(text) <= most else f"{text[:most - 1]}…"
