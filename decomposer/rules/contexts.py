"""Rule files to contexts and rules, with every mistake of every file told in one run."""

from __future__ import annotations

import re
from collections.abc import Mapping

from decomposer.model.config import CORE, Context, Dependency, Rule, RuleSet
from decomposer.model.problems import DecomposerError, Problem
from decomposer.rules import KINDS
from decomposer.rules.kind import is_literal
from decomposer.rules.toml import Document
from decomposer.rules.toml_lines import Place

_CONTEXT_KEYS = ("name", "description", "phase", "port", "shared", "rule", "dependency")
_RULE_KEYS = (*KINDS, "precedence", "reason")
_DEPENDENCY_KEYS = ("paths", "policy", "reason")
_CLIENT_KEYS = ("session", "idempotent")
_POLICIES = ("share", "client", "copy", "deny")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_SHARED_PRECEDENCE = 70
_LITERAL_BONUS = 20
"""A path or module written out speaks louder than a pattern that happens to match it."""


def read_rules(files: Mapping[str, str]) -> RuleSet:
    """The contexts and rules of all rule files (text by path).

    Raises DecomposerError with every problem of every file: syntax, unknown keys, wrong types, names taken
    twice, patterns that point outside the package.
    """
    problems: list[Problem] = []
    contexts: list[Context] = []
    rules: list[Rule] = []
    dependencies: list[Dependency] = []
    seen: dict[str, str] = {}
    ports: dict[int, str] = {}
    for path in sorted(files):
        document = Document(path, files[path])
        if document.data or not document.problems:
            context = _read_context(document, rules, dependencies)
            if context.name in seen:
                document.complain(("name",), "context-twice",
                                  f"context `{context.name}` is already defined in {seen[context.name]}")  # fmt: skip
            elif context.name:
                seen[context.name] = path
                contexts.append(context)
            if context.port and context.port in ports:
                document.complain(("port",), "port-twice",
                                  f"port {context.port} is already taken by {ports[context.port]}")  # fmt: skip
            ports.setdefault(context.port, context.name)
        problems += document.problems
    if problems:
        raise DecomposerError(problems)
    return RuleSet(
        tuple(sorted((c for c in contexts if c.name != CORE), key=lambda c: (c.phase, c.name))), tuple(rules),
        tuple(dependencies),
    )  # fmt: skip


def _read_context(document: Document, rules: list[Rule], dependencies: list[Dependency]) -> Context:
    data = document.data
    document.unknown(data, _CONTEXT_KEYS)
    name = document.string(data, "name", "")
    if not _NAME.fullmatch(name):
        if isinstance(data.get("name", ""), str):
            told = f"`name` must be lower-case words joined by hyphens, not `{name}`" if "name" in data else \
                "there is no `name`: a rule file says of which context it is"
            document.complain(("name",), "context-name", told)
        name = ""
    phase = document.integer(data, "phase", 1 if name == CORE else 99)
    if phase < 1:
        document.complain(("phase",), "wrong-type", f"`phase` must be 1 or more, not {phase}")
    port = document.integer(data, "port", 0)
    if not 0 <= port < 65536:
        document.complain(("port",), "wrong-type", f"`port` must be from 1 to 65535, not {port}")
    for position, pattern in enumerate(document.strings(data, "shared")):
        place: Place = ("shared", position)
        if _inside(document, pattern, place):
            precedence = _SHARED_PRECEDENCE + (_LITERAL_BONUS if is_literal(pattern) else 0)
            rules.append(Rule(CORE, "paths", (pattern,), precedence, "shared by the team's own list",
                              document.path, document.line(place)))  # fmt: skip
    for number, table in enumerate(_tables(document, "rule")):
        rules += _read_rule(document, table, ("rule", number), name)
    for number, table in enumerate(_tables(document, "dependency")):
        dependencies.append(_read_dependency(document, table, ("dependency", number), name))
    return Context(name, document.string(data, "description", ""), phase, port, document.path)


def _tables(document: Document, key: str) -> list[dict[str, object]]:
    tables = document.data.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        document.complain((key,), "wrong-type", f"`{key}` must be written as [[{key}]] tables")
        return []
    return tables


def _read_dependency(document: Document, table: dict[str, object], at: Place, context: str) -> Dependency:
    policy = document.string(table, "policy", "", at)
    document.unknown(table, (*_DEPENDENCY_KEYS, *_CLIENT_KEYS), at)
    for key in _CLIENT_KEYS:
        if key in table and policy in _POLICIES and policy != "client":
            document.complain((*at, key), "not-a-client", f'`{key}` is for policy = "client", and this is "{policy}"',
                              f"remove `{key}`, or let it be a client")  # fmt: skip
    if policy not in _POLICIES:
        document.complain((*at, "policy"), "policy", f"`policy` is one of {', '.join(_POLICIES)}, not `{policy}`")
    reason = document.string(table, "reason", "", at)
    if not reason.strip():
        document.complain((*at, "reason"), "rule-reason", "a dependency needs a `reason`, a sentence for whoever asks "
                          "why")  # fmt: skip
    patterns = document.strings(table, "paths", at)
    kept = tuple(p for number, p in enumerate(patterns) if _inside(document, p, (*at, "paths", number)))
    if not patterns or "" in patterns:
        document.complain((*at, "paths"), "rule-empty", "`paths` is empty: the dependency can match nothing")
    session = document.string(table, "session", "", at)
    if session and not re.fullmatch(r"\w+(\.\w+)*:\w+", session):
        document.complain((*at, "session"), "config", f"`session` cannot be `{session}`",
                          'for example session = "storage.db:get_session"')  # fmt: skip
    idempotent = document.strings(table, "idempotent", at)
    return Dependency(context, kept, policy, reason, document.path, document.line(at), session, idempotent)


def _read_rule(document: Document, table: dict[str, object], at: Place, context: str) -> list[Rule]:
    document.unknown(table, _RULE_KEYS, at)
    kinds = [kind for kind in KINDS if kind in table]
    reason = document.string(table, "reason", "", at)
    if not reason.strip():
        document.complain((*at, "reason"), "rule-reason", "a rule needs a `reason`, a sentence for whoever asks why")
    given = document.integer(table, "precedence", 0, at) if "precedence" in table else None
    if given is not None and given < 0:
        document.complain((*at, "precedence"), "wrong-type", "`precedence` must be 0 or more")
    if len(kinds) != 1:
        found = " and ".join(f"`{kind}`" for kind in kinds) or "none"
        document.complain(at, "rule-kind", f"a rule has exactly one of {', '.join(KINDS)}; found {found}")
        return []
    kind = kinds[0]
    patterns = document.strings(table, kind, at)
    kept = tuple(
        pattern for position, pattern in enumerate(patterns)
        if kind not in ("paths", "follows") or _inside(document, pattern, (*at, kind, position))
    )  # fmt: skip
    if table[kind] == [] or "" in patterns:
        document.complain((*at, kind), "rule-empty", f"`{kind}` is empty: the rule can match nothing")
    line = document.line(at)
    if kind not in ("paths", "modules"):
        precedence = given if given is not None else KINDS[kind].precedence
        return [Rule(context, kind, kept, precedence, reason, document.path, line)]
    rules: list[Rule] = []
    for pattern in kept:  # one rule for each pattern: a pattern that matches nothing is worth telling
        default = KINDS[kind].precedence + (_LITERAL_BONUS if is_literal(pattern) else 0)
        rules.append(Rule(context, kind, (pattern,), given if given is not None else default, reason,
                          document.path, line))  # fmt: skip
    return rules


def _inside(document: Document, pattern: str, place: Place) -> bool:
    """Whether a path pattern stays below the package."""
    if pattern.startswith(("/", "~")) or ".." in pattern.split("/") or re.match(r"[A-Za-z]:", pattern):
        document.complain(place, "outside", f"`{pattern}` points outside the package",
                          "paths in rules are relative to the package's folder")  # fmt: skip
        return False
    return True
