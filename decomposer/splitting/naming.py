"""What new modules are called: by the words of what they hold, behind the name of the module that they were part of."""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from decomposer.model.units import Unit
from decomposer.splitting.module import Module

_WORD = re.compile(r"[A-Z]+(?=[A-Z][^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]+|\d+")
_NESTED = frozenset({"Enum", "StrEnum", "IntEnum", "Flag", "IntFlag", "NamedTuple", "TypedDict", "BaseModel",
                     "SQLModel"})  # fmt: skip
_DATA = frozenset({"dataclass", "define", "frozen", "attrs"})
_COMMON = frozenset({"service", "manager", "engine", "system", "framework", "base", "class", "impl", "handler",
                     "get", "set", "create", "list", "update", "delete", "mixin"})  # fmt: skip
_VERBS = frozenset({
    "add", "adjust", "aggregate", "aggregated", "all", "analyze", "and", "apply", "assess", "async", "build", "by",
    "calculate", "cancel", "certify", "check", "clear", "close", "collect", "complete", "compute", "delegated",
    "detect", "distribute", "do", "enhance", "ensure", "estimate", "evaluate", "execute", "extract", "fetch",
    "find", "for", "from", "generate", "has", "in", "init", "initialize", "integrate", "is", "load", "log", "make",
    "monitor", "new", "of", "on", "open", "optimize", "or", "perform", "predict", "process", "receive", "record",
    "register", "remove", "reset", "resolve", "run", "save", "select", "send", "simulate", "start", "stop", "store",
    "submit", "supported", "to", "track", "unregister", "use", "validate", "verify", "with",
})  # fmt: skip
"""Words of methods that say what is done, or nothing, rather than what it is done to."""
_MOST = 3


def words(name: str) -> list[str]:
    """The words of a name in either spelling, in lower case."""
    return [word.lower() for word in _WORD.findall(name)]


def telling_words(name: str) -> list[str]:
    """The words of a method's name that say what it is about."""
    return [word for word in words(name) if word not in _COMMON | _VERBS and not word.isdigit()]


def group_names(name: str, groups: Sequence[Sequence[str]], taken: Collection[str]) -> list[str]:
    """What classes are called that have groups of a class's methods: by the word that tells a group from the others."""
    stem = words(name)
    front = name[: -len(stem[-1])] if len(stem) > 1 and stem[-1] in _COMMON else name
    said = [Counter(word for method in group for word in dict.fromkeys(telling_words(method) or words(method)))
            for group in groups]  # fmt: skip
    total = sum(said, Counter())
    used, found = set(taken), []
    for position, counts in enumerate(said):
        told = sorted(counts, key=lambda word: (word in stem, word in _VERBS, -counts[word] ** 2 / total[word]))
        for word in (*told, f"part{position + 1}"):
            made = f"{front}{word.capitalize()}Mixin"
            if made not in used:
                break
        used.add(made)
        found.append(made)
    return found


def part_names(module: Module, parts: Sequence[Sequence[int]], taken: Iterable[str]) -> list[str]:
    """The last part of the dotted name of each new module; none is `taken`, and no two are the same."""
    stem = "" if module.is_package else module.name.rpartition(".")[2]
    used = {*taken, module.name.rpartition(".")[2]}
    found = []
    for part in parts:
        for told in _candidates(module, part, words(stem)):
            name = f"{stem}_{told}" if stem and told else told
            if name not in used and name.isidentifier() and not keyword.iskeyword(name):
                break
        used.add(name)
        found.append(name)
    return found


def _candidates(module: Module, part: Sequence[int], stem: list[str]) -> Iterator[str]:
    units = [module.units[number] for number in part]
    kind = _kind(units)
    if kind:
        yield kind
    largest = sorted(part, key=lambda number: (-module.span(number), number))
    if 2 * module.span(largest[0]) < sum(map(module.span, part)):
        said = Counter(word for unit in units for word in {w for name in unit.defines for w in words(name)})
        yield from (word for word, count in sorted(said.items(), key=lambda item: (-item[1], item[0]))
                    if count > 1 and 2 * count >= len(units) and word not in _COMMON and word not in stem)  # fmt: skip
    for number in largest:
        for name in module.units[number].defines[:1]:
            told = [word for word in words(name) if word not in stem]
            short = [word for word in told if word not in _COMMON] or told or ["core"]
            yield "_".join(short[:_MOST])
            yield "_".join(told)
    yield from (f"part{number}" for number in range(2, 1000))


def _kind(units: Sequence[Unit]) -> str:
    """What a module is that holds only one kind of thing: types, schemas, errors or constants; "" for none of them."""
    classes = [unit for unit in units if unit.kind == "class"]
    if classes and all(_ends(unit, ("Error", "Exception", "Warning")) for unit in units):
        return "errors"
    if classes and all(map(is_data, units)):
        schemas = any(_last(base) == "BaseModel" for unit in classes for base in unit.bases)
        return "schemas" if schemas else "types"
    return "constants" if all(unit.kind == "value" for unit in units) else ""


def is_data(unit: Unit) -> bool:
    """Whether a unit says what something is rather than does something."""
    bases, decorators = {_last(base) for base in unit.bases}, {_last(name) for name in unit.decorators}
    return unit.kind == "value" or (unit.kind == "class" and bool(
        bases & _NESTED or decorators & _DATA or _ends(unit, ("Error", "Exception", "Warning"))))  # fmt: skip


def _ends(unit: Unit, endings: tuple[str, ...]) -> bool:
    return any(name.endswith(endings) for name in unit.defines) or any(_last(b).endswith(endings) for b in unit.bases)


def _last(dotted: str) -> str:
    return dotted.rpartition(".")[2]
