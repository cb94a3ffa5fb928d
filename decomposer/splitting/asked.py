"""What others ask a module for: names that they import or name, and names that they give another value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from decomposer.graph.modules import Modules
from decomposer.graph.symbols import Symbol, Symbols
from decomposer.model.facts import Import, PythonFacts, TextFacts
from decomposer.syntax.replaced import read_replaced
from decomposer.syntax.walked import read_walked


class Asked(Struct, frozen=True):
    """Names that others ask a module for, with where, names that they replace in it, and whether they take all.

    `walked` is the path and the line at which somebody uses the module as a value, and may meet its names in order.
    """

    names: Mapping[str, str] = {}
    patched: Mapping[str, str] = {}
    starred: bool = False
    walked: tuple[str, int] | None = None


def read_asked(
    name: str, modules: Modules, texts: Mapping[str, TextFacts], read: Callable[[str], bytes | None]
) -> Asked:
    """What all files ask the module of that dotted name for.

    `texts` are the facts of files that are not Python, `read` gives a file's bytes.
    """
    names: dict[str, str] = {}
    patched: dict[str, str] = {}
    starred = False
    walked: tuple[str, int] | None = None
    own, symbols = modules.path_of.get(name), Symbols(modules)
    last = name.rpartition(".")[2]
    for path, facts in sorted(modules.facts.items()):
        if path == own:
            walked = walked or next(((path, line) for owner, line in read_walked(read(path) or b"") if not owner), None)
            continue
        aliases = dict(_aliases(name, path, modules, facts))
        used = {use.name.partition(".__dict__")[0] for use in facts.uses}
        for fact in facts.imports:
            if fact.is_from and _base(path, fact, modules) == name:
                starred = starred or fact.names[0][0] == "*"
                names.update((imported, f"{path}:{fact.line}") for imported, _ in fact.names)
        for text in facts.texts:
            value = text.value.replace(":", ".")
            if value.startswith(f"{name}."):
                names.setdefault(value[len(name) + 1 :].partition(".")[0], f"{path}:{text.line}")
        for use in facts.uses:
            for alias in aliases:
                if use.name.startswith(f"{alias}."):
                    names.setdefault(use.name[len(alias) + 1 :].partition(".")[0], f"{path}:{use.line}")
        said = (*(text.value for text in facts.texts), *(use.name for use in facts.uses))
        named = aliases or any(last in value for value in said)
        source = read(path) if named else None
        for owner, attribute, line in read_replaced(source) if source else ():
            if owner == name or owner in aliases:
                patched.setdefault(attribute, f"{path}:{line}")
                names.setdefault(attribute, f"{path}:{line}")
        for owner, line in read_walked(source) if source and walked is None else ():
            if owner == name or (owner in aliases and owner in used and _means(owner, name, path, symbols)):
                walked = path, line
    for path, told in sorted(texts.items()):
        for token, line in told.tokens:
            value = token.replace(":", ".")
            if value.startswith(f"{name}."):
                names.setdefault(value[len(name) + 1 :].partition(".")[0], f"{path}:{line}")
    return Asked(names, patched, starred, walked)


def _means(owner: str, name: str, path: str, symbols: Symbols) -> bool:
    """Whether what a file calls so is the module, and no name that a package has in its place."""
    head, _, rest = owner.partition(".")
    facts = [fact for fact in symbols.modules.facts[path].imports if any(bound == head for _, bound in fact.names)]
    found = [symbols.descend(symbols.from_import(path, fact, head), rest) for fact in facts]
    return any(symbol is None or symbol == Symbol(name, "") for symbol in found)


def _base(path: str, fact: Import, modules: Modules) -> str | None:
    return modules.absolute(path, fact.level, fact.module) if path in modules.name_of or not fact.level else None


def _aliases(name: str, path: str, modules: Modules, facts: PythonFacts) -> Iterator[tuple[str, int]]:
    """What a file calls the module: `jobs` after `from app import jobs`, `a.jobs` after `import app as a`."""
    for fact in facts.imports:
        base = _base(path, fact, modules)
        for imported, bound in fact.names:
            module = f"{base}.{imported}" if fact.is_from else imported
            if not fact.is_from and bound == imported.partition(".")[0]:
                module = bound
            if name == module or name.startswith(f"{module}."):
                yield bound + name[len(module) :], fact.line
