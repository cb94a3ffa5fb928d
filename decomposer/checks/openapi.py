"""Two OpenAPI documents compared by what they promise: references are followed, names of schemas do not count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from decomposer.model.probes import Operation

Document = Mapping[str, Any]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_MOST = 400


def operations(document: Document) -> dict[Operation, Any]:
    """Every operation by method and path."""
    return {
        (method.upper(), path): item[method]
        for path, item in document.get("paths", {}).items()
        for method in METHODS
        if method in item
    }


def operation_differences(before: Document, after: Document, operation: Operation) -> list[str]:
    """Places, as pointers with what stands there, at which an operation differs; security schemes count."""
    old, new = operations(before).get(operation), operations(after).get(operation)
    if old is None or new is None:
        return [] if old is new else ["(absent)" if new is None else "(new)"]
    found = list(_Comparison(before, after).walk(old, new, ""))
    names = {name for item in old.get("security", ()) for name in item}
    for name in sorted(names):
        one, other = (d.get("components", {}).get("securitySchemes", {}).get(name) for d in (before, after))
        found += _Comparison(before, after).walk(one, other, f"/securitySchemes/{name}")
    return found[:_MOST]


def other_differences(before: Document, after: Document) -> list[str]:
    """Differences outside of operations: the title, the version, tags, servers, webhooks."""
    skipped = ("paths", "components")
    old, new = ({key: value for key, value in d.items() if key not in skipped} for d in (before, after))
    return list(_Comparison(before, after).walk(old, new, ""))[:_MOST]


def unstable_places(first: Document, second: Document) -> tuple[str, ...]:
    """Places that differ between two starts of the same code, as `GET /path: pointer`."""
    found = [
        place(operation, told)
        for operation in sorted({*operations(first), *operations(second)})
        for told in operation_differences(first, second, operation)
    ]
    found += [place(("", ""), told) for told in other_differences(first, second)]
    return tuple(sorted(set(found)))


def place(operation: Operation, difference: str) -> str:
    """Where a difference is, without what stands there."""
    return f"{' '.join(operation).strip()}: {difference.partition(' ')[0]}"


class _Comparison:
    """Walks two documents at once. A pair of references is followed once, so that recursion ends.

    Comparing needs no expanded copy, which may be exponentially large.
    """

    def __init__(self, before: Document, after: Document) -> None:
        self.before, self.after = before, after
        self.seen: set[tuple[str, str]] = set()

    def walk(self, old: Any, new: Any, pointer: str) -> Iterator[str]:
        """A line for each place that differs, `pointer old -> new`."""
        old_name, new_name = _reference(old), _reference(new)
        if old_name or new_name:
            if (old_name, new_name) in self.seen:
                return
            if old_name and new_name:
                self.seen.add((old_name, new_name))
            yield from self.walk(_resolved(self.before, old, old_name), _resolved(self.after, new, new_name), pointer)
        elif isinstance(old, dict) and isinstance(new, dict):
            for key in sorted({*old, *new}):
                below = f"{pointer}/{key.replace('~', '~0').replace('/', '~1').replace(' ', '~2')}"
                if key not in new:
                    yield f"{below} is gone"
                elif key not in old:
                    yield f"{below} is new"
                else:
                    yield from self.walk(old[key], new[key], below)
        elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
            for number, (one, other) in enumerate(zip(old, new, strict=True)):
                yield from self.walk(one, other, f"{pointer}/{number}")
        elif type(old) is not type(new) or old != new:
            yield f"{pointer or '/'} {_short(old)} -> {_short(new)}"


def resolve(document: Document, value: Any) -> Any:
    """What stands behind a value, through references to references; the value itself where there is no reference."""
    seen: set[str] = set()
    while (name := _reference(value)) and name not in seen:
        seen.add(name)
        value = _resolved(document, value, name)
    return value


def _reference(value: Any) -> str:
    """The name that a value refers to, `{"$ref": …}` or the mapping of a discriminator; "" for any other value."""
    target = value.get("$ref") if isinstance(value, dict) and set(value) == {"$ref"} else value
    return target if isinstance(target, str) and target.startswith("#/components/") else ""


def _resolved(document: Document, value: Any, name: str) -> Any:
    if not name:
        return value
    found: Any = document
    for part in name[2:].split("/"):
        part = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(found, dict) or part not in found:
            return f"(nothing at {name})"
        found = found[part]
    return found


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"
