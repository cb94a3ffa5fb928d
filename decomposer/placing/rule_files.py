"""Changes of a placement written into a team's rule files, whose formatting stays as it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import tomlkit

from decomposer.assigning.owners import Idle
from decomposer.model.config import CORE, Context, Owner, RuleSet
from decomposer.placing.suggestions import Suggestion
from decomposer.rules import KINDS
from decomposer.rules.toml_lines import lines

_LITERAL = KINDS["paths"].precedence + 20
"""How loudly a path speaks that is written out (see `decomposer.rules.contexts`)."""


def with_rules(
    files: Mapping[str, str], rule_set: RuleSet, owners: Mapping[str, Owner], chosen: Iterable[Suggestion], folder: str
) -> dict[str, str]:
    """The text of every rule file that changes: a `[[rule]]` for each change, at the end of its context's file.

    A context that is new gets a file in the folder, the phase of the one that it comes from and a free port.

    A path that is written out speaks loudest; where the rule that it overrules was given a precedence as high, the
    new one is given the next.
    """
    places = {context.name: context.path for context in rule_set.contexts}
    texts: dict[str, str] = {}
    ports = iter(free_ports(rule_set.contexts))
    for one in chosen:
        source = rule_set.context(one.source)
        if one.is_new and source is not None:
            places[one.target] = f"{folder}/{one.target}.toml"
            texts[places[one.target]] = _new_context(one, source, next(ports))
        place = places[one.target]
        loudest = max(owners[path].precedence for path in one.files)
        texts[place] = with_rule(texts.get(place) or files[place], one.paths, one.reason, loudest)
    return texts


def with_rule(text: str, paths: Sequence[str], reason: str, loudest: int) -> str:
    """A rule file with one more rule at its end, which overrules others of the precedence `loudest`."""
    end = "\r\n" if "\r\n" in text else "\n"
    return f"{text.rstrip()}{end * 2}" + _rule(paths, reason, loudest).replace("\n", end)


def without_idle(files: Mapping[str, str], idle: Iterable[Idle]) -> dict[str, str]:
    """The text of every rule file that changes when patterns go that match nothing, and rules that have no others."""
    going: dict[str, set[tuple[int, str]]] = {}
    for one in idle:
        going.setdefault(one.path, set()).update((one.line, pattern) for pattern in one.patterns)
    return {path: _without(files[path], going[path]) for path in sorted(going) if path in files}


def _without(text: str, going: Collection[tuple[int, str]]) -> str:
    """A rule file without patterns, each told with the line of its table, or its own where it is shared."""
    document, places = tomlkit.parse(text), lines(text)
    data = document.unwrap()
    shared = [*enumerate(data.get("shared", ()))] if ("shared", 0) in places else []
    _drop(document, "shared", {n for n, pattern in shared if (places["shared", n], pattern) in going})
    for key in ("rule", "dependency"):
        for number, table in reversed([*enumerate(data.get(key, ()))]):
            kind = next(kind for kind in KINDS if kind in table)
            told = [table[kind]] if isinstance(table[kind], str) else table[kind]
            idle = {n for n, pattern in enumerate(told) if (places[key, number], pattern) in going}
            if len(idle) == len(told):
                _drop(document, key, {number})
            else:
                _drop(document[key][number], kind, idle)
    return tomlkit.dumps(document)


def _drop(table: Any, key: str, positions: Collection[int]) -> None:
    """Takes items out of a list in a table, and the list with its last one."""
    for position in sorted(positions, reverse=True):
        del table[key][position]
    if positions and not table[key]:
        del table[key]


def _rule(paths: Sequence[str], reason: str, loudest: int) -> str:
    rule = tomlkit.table()
    written = tomlkit.array()
    written.extend(paths)
    rule.add("paths", written.multiline(len(paths) > 2))
    if loudest >= _LITERAL:
        rule.add("precedence", loudest + 1)
    rule.add("reason", reason)
    rules = tomlkit.aot()
    rules.append(rule)
    document = tomlkit.document()
    document.add("rule", rules)
    return tomlkit.dumps(document)


def _new_context(one: Suggestion, source: Context, port: int) -> str:
    """The beginning of a rule file for a context that is new."""
    document = tomlkit.document()
    document.add("name", tomlkit.item(one.target))
    document.add("description", tomlkit.item(f"a part of {source.name}, which was larger than a service may be"))
    document.add("phase", tomlkit.item(source.phase))
    document.add("port", tomlkit.item(port))
    return tomlkit.dumps(document)


def place_of(rule_set: RuleSet, name: str) -> str:
    """The rule file of a context, or of the core; "" for none."""
    context = rule_set.context(name)
    if context is not None:
        return context.path
    return next((rule.path for rule in rule_set.rules if name == CORE and rule.context == CORE), "")


def free_ports(contexts: Iterable[Context]) -> Iterator[int]:
    """Ports that no context has, from the highest that one has on."""
    port = max((context.port for context in contexts), default=8100)
    while port < 65535:
        port += 1
        yield port


def with_rules_folder(text: str, folder: str, told: Mapping[str, object], at: Iterable[str]) -> str:
    """A configuration that names the folder of rules, and what else is told, below the tables `at`."""
    document = tomlkit.parse(text)
    table: tomlkit.TOMLDocument = document
    for name in at:
        table = table[name]
    for key, value in {**told, "rules": folder}.items():
        if key not in table:
            table[key] = value
    return tomlkit.dumps(document)
