"""Two JSON schemas compared: what was accepted that is not any more, and what is answered that was not before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from decomposer.checks.openapi import Document, resolve
from decomposer.model.compatibility import NONE, SDK, WIRE

Change = tuple[str, str, str]
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_FORMS = ("format", "pattern", "multipleOf", "uniqueItems", "contentMediaType", "contentEncoding")
_SCALAR = frozenset({"integer", "number", "boolean"})
_NARROWS = frozenset({"enum", "const", *_FORMS, *_LOWER, *_UPPER})
_ANY: Mapping[str, Any] = {}


class Schemas:
    """Compares schemas of two documents; a pair of references is followed once, so that recursion ends."""

    def __init__(self, before: Document, after: Document) -> None:
        self.before, self.after = before, after
        self.seen: set[tuple[str, str, bool]] = set()

    def given(self, old: Any, new: Any, where: str) -> Iterator[Change]:
        """The changes of what clients send: whatever was accepted has to be."""
        yield from self._walk(old, new, where, True)

    def written(self, old: Any, new: Any, where: str) -> Iterator[Change]:
        """The same of what clients write into paths, queries and headers, where a number is a text as any other is."""
        before, after = _plain(self.before, old), _plain(self.after, new)
        first, then = _types(before), _types(after)
        if first and "string" in then - first and first - then <= _SCALAR and not _NARROWS & after.keys():
            yield where, f"is any text now, not {_listed(first)}", SDK
        else:
            yield from self.given(old, new, where)

    def answered(self, old: Any, new: Any, where: str) -> Iterator[Change]:
        """The changes of what clients get: nothing may come that could not before."""
        yield from self._walk(old, new, where, False)

    def _walk(self, old: Any, new: Any, where: str, is_given: bool) -> Iterator[Change]:
        names = _name(old), _name(new)
        if any(names):
            if (*names, is_given) in self.seen:
                return
            self.seen.add((*names, is_given))
            if names[0] != names[1] and all(names):
                yield where, f"its schema is called {names[1]}, not {names[0]}", SDK
        before, after = _plain(self.before, old), _plain(self.after, new)
        yield from self._kinds(before, after, where, is_given)
        yield from _bounds(before, after, where, is_given)
        yield from self._properties(before, after, where, is_given)
        if "items" in before or "items" in after:
            yield from self._walk(before.get("items", _ANY), after.get("items", _ANY), f"{where}[]", is_given)
        yield from self._others(before, after, where, is_given)
        yield from self._alternatives(before, after, where, is_given)
        if before.get("default") != after.get("default"):
            told = f"its default is {after.get('default')!r}, not {before.get('default')!r}"
            yield where, told, WIRE if is_given and "default" in before else NONE

    def _kinds(self, old: Any, new: Any, where: str, is_given: bool) -> Iterator[Change]:
        """Types, and the values of enumerations."""
        first, then = _types(old), _types(new)
        gone = first - then if then else frozenset()
        come = then - first if first else frozenset()
        if not first and then:
            gone = frozenset({"anything"})
        if first and not then:
            come = frozenset({"anything"})
        gone, come = _but_whole_numbers(gone, then), _but_whole_numbers(come, first)
        if gone:
            yield where, f"is never {_listed(gone)} any more", WIRE if is_given else SDK
        if come:
            yield where, f"may be {_listed(come)}", SDK if is_given else WIRE
        was, may = _values(old), _values(new)
        if was != may:
            lost = was is None or (may is not None and bool(was - may))
            won = may is None or (was is not None and bool(may - was))
            told = f"is one of {_listed(may)}" if may is not None else "may have any value"
            if may is None and lost:
                lost = False
            if was is None:
                won = False
            if is_given:
                yield where, told, WIRE if lost else SDK
            else:
                yield where, told, WIRE if won else SDK

    def _properties(self, old: Any, new: Any, where: str, is_given: bool) -> Iterator[Change]:
        before, after = old.get("properties", {}), new.get("properties", {})
        was, now = set(old.get("required", ())), set(new.get("required", ()))
        for name in sorted(before.keys() | after.keys()):
            place = f"{where}.{name}"
            if name not in after:
                closed = is_given and new.get("additionalProperties") is False
                yield place, "is gone", WIRE if closed or not is_given else SDK
            elif name not in before:
                is_needed = is_given and name in now
                yield place, "is new and required" if is_needed else "is new", WIRE if is_needed else NONE
            else:
                if is_given and name in now - was:
                    yield place, "is required now", WIRE
                elif not is_given and name in was - now:
                    yield place, "may be missing", WIRE
                elif (name in was) != (name in now):
                    yield place, "may be left out" if is_given else "is always there", SDK
                yield from self._walk(before[name], after[name], place, is_given)

    def _others(self, old: Any, new: Any, where: str, is_given: bool) -> Iterator[Change]:
        """What else an object may have."""
        before, after = old.get("additionalProperties", True), new.get("additionalProperties", True)
        if isinstance(before, dict) and isinstance(after, dict):
            yield from self._walk(before, after, f"{where}.*", is_given)
        elif before != after and is_given and after is False:
            yield where, "may have no other properties any more", WIRE
        elif before != after:
            yield where, "differs in what other properties it may have", SDK

    def _alternatives(self, old: Any, new: Any, where: str, is_given: bool) -> Iterator[Change]:
        """`anyOf`, `oneOf` and `allOf`, one by one where there are as many."""
        for word in ("anyOf", "oneOf", "allOf"):
            before, after = old.get(word, ()), new.get(word, ())
            for number, (one, other) in enumerate(zip(before, after, strict=False), 1):
                yield from self._walk(one, other, f"{where} ({word} {number})", is_given)
            more = len(after) - len(before)
            if more:
                widens = (more > 0) != (word == "allOf")
                told = f"has {abs(more)} {'more' if more > 0 else 'fewer'} alternatives ({word})"
                yield where, told, SDK if widens == is_given else WIRE


def _name(schema: Any) -> str:
    reference = schema.get("$ref", "") if isinstance(schema, dict) else ""
    return str(reference).rpartition("/")[2]


def _plain(document: Document, schema: Any) -> Mapping[str, Any]:
    """A schema in one form: references followed, `X or null` of any spelling as X that may be null."""
    if isinstance(schema, dict) and "$ref" in schema and len(schema) > 1:
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**(resolve(document, {"$ref": schema["$ref"]}) or {}), **beside}
    schema = resolve(document, schema)
    if not isinstance(schema, dict):
        return _ANY
    choices = schema.get("anyOf") or schema.get("oneOf") or ()
    real = [one for one in choices if one != {"type": "null"}]
    if choices and len(real) == 1 and "$ref" not in real[0]:
        rest = {key: value for key, value in schema.items() if key not in ("anyOf", "oneOf")}
        return {**rest, **real[0], "nullable": len(real) < len(choices) or real[0].get("nullable", False)}
    if len(real) < len(choices):
        word = "anyOf" if "anyOf" in schema else "oneOf"
        return {**schema, word: real, "nullable": True}
    return schema


def _types(schema: Mapping[str, Any]) -> frozenset[str]:
    """The types that a schema names, none for any."""
    named = schema.get("type", ())
    found = {named} if isinstance(named, str) else set(named)
    if not found and "properties" in schema:
        found = {"object"}
    if schema.get("nullable"):
        found.add("null")
    return frozenset(found) if found != {"null"} or named else frozenset()


def _but_whole_numbers(types: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """Without integers where all numbers may be."""
    return types - {"integer"} if "number" in others else types


def _values(schema: Mapping[str, Any]) -> frozenset[str] | None:
    if "const" in schema:
        return frozenset({repr(schema["const"])})
    return frozenset(map(repr, schema["enum"])) if "enum" in schema else None


def _bounds(old: Mapping[str, Any], new: Mapping[str, Any], where: str, is_given: bool) -> Iterator[Change]:
    for names, sign in ((_LOWER, 1), (_UPPER, -1)):
        for name in names:
            was, now = old.get(name), new.get(name)
            if was == now:
                continue
            narrows = now is not None and (was is None or sign * (now - was) > 0)
            yield where, f"{name} is {now}, not {was}", WIRE if narrows == is_given else SDK
    for name in _FORMS:
        was, now = old.get(name), new.get(name)
        if was != now:
            widens = now is None
            yield where, f"{name} is {now}, not {was}", SDK if widens == is_given else WIRE


def _listed(values: frozenset[str] | None) -> str:
    return " or ".join(sorted(values or ()))
