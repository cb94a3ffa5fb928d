"""The proposal for one module of a repository: all that `decompose split` and `decompose limits` ask for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from msgspec import Struct
from msgspec.structs import replace

from decomposer.graph.modules import Modules
from decomposer.model.class_bodies import ClassBody
from decomposer.model.config import Config
from decomposer.model.facts import TextFacts
from decomposer.model.near import near
from decomposer.model.problems import DecomposerError, Problem
from decomposer.splitting.asked import Asked, read_asked
from decomposer.splitting.atoms import bound_to
from decomposer.splitting.classes import LargeClass, large_classes
from decomposer.splitting.divided import divided
from decomposer.splitting.dividing import Whole, divide
from decomposer.splitting.module import Module
from decomposer.splitting.plain_bases import base_hindrance
from decomposer.splitting.proposal import Proposal, propose
from decomposer.syntax.class_bodies import read_class_bodies
from decomposer.syntax.methods import read_classes


class Bases(Struct, frozen=True):
    """A class that is divided, its line, the new bases that it falls into, and calls from one of them to another."""

    name: str
    line: int
    bases: tuple[str, ...]
    across: tuple[tuple[str, str], ...]


class Reading(Struct, frozen=True):
    """A module that was read, what others ask it for, how it would be split, and its classes that are too long.

    `bases` are what classes that are divided fall into, `wholes` the classes that cannot be.
    """

    module: Module
    asked: Asked
    proposal: Proposal
    classes: tuple[LargeClass, ...]
    bases: tuple[Bases, ...] = ()
    wholes: tuple[Whole, ...] = ()


def read_proposal(
    config: Config, modules: Modules, texts: Mapping[str, TextFacts], read: Callable[[str], bytes | None], word: str,
    into: int | None = None, with_classes: bool = False,
) -> Reading:  # fmt: skip
    """The proposal for the module that a word means: a path or a dotted name, with or without the package.

    `modules` are those of the package, `texts` the facts of all files that are not Python, `read` gives a file's bytes;
    with `into` there are to be so many modules, and `with_classes` says whether classes that keep a module over the
    limit are divided. Raises DecomposerError where there is no such module, or it cannot be read.
    """
    name = _find(config, modules, word)
    path = modules.path_of[name]
    try:
        module = Module(name, path, read(path) or b"")
        classes = large_classes(read_classes(module.source), config.limits.file)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise DecomposerError(Problem(path, 0, "not-understood", f"cannot be split: {error}",
                                      "mend the file first")) from error  # fmt: skip
    asked = read_asked(name, modules, texts, read)
    package = f"{module.package}." if module.package else ""
    taken = {other[len(package) :].partition(".")[0] for other in (*modules.path_of, *modules.folders)
             if other.startswith(package)}  # fmt: skip
    limit = config.limits.file
    reading = Reading(module, asked, propose(module, asked, limit, into, taken), classes)
    if not with_classes:
        return reading
    return divide_classes(reading, limit, lambda module: propose(module, asked, limit, into, taken),
                          lambda body: base_hindrance(name, body, modules, read))  # fmt: skip


def divide_classes(
    reading: Reading, limit: int, propose: Callable[[Module], Proposal], hindrance: Callable[[ClassBody], str]
) -> Reading:  # fmt: skip
    """The same with the classes divided that keep parts of the module over the limit, one after another.

    `propose` gives the proposal for a module, `hindrance` why a class can have no others between itself and its bases.
    """
    tried: set[str] = set()
    stood = {unit.defines[0]: unit.line for unit in reading.module.units if unit.kind == "class"}
    while (number := _longest_class(reading, limit, tried)) is not None:
        module = reading.module
        unit = module.units[number]
        tried.add(unit.defines[0])
        body = next(one for one in read_class_bodies(module.source, module.content) if one.name == unit.defines[0])
        why = hindrance(body)
        found = Whole(body.name, body.line, why) if why else \
            divide(body, bound_to(module, reading.asked.patched, number), limit)  # fmt: skip
        if isinstance(found, Whole):
            found = replace(found, line=found.line + stood[body.name] - body.line)
            reading = replace(reading, wholes=(*reading.wholes, found))
            continue
        known = module.sites.scopes[0][1] if module.sites.scopes else frozenset[str]()
        source, names = divided(module.content, found, unit.code, {*known, *reading.asked.names})
        module = Module(module.name, module.path, source, module.made | set(names))
        tried |= set(names)
        classes = tuple(one for one in reading.classes if one.name != body.name)
        proposal = replace(propose(module), lines=reading.proposal.lines)  # of the file as it is
        reading = replace(reading, module=module, proposal=proposal, classes=classes,
                          bases=(*reading.bases, Bases(body.name, stood[body.name], names, found.across)))  # fmt: skip
    return reading


def _longest_class(reading: Reading, limit: int, tried: Collection[str]) -> int | None:
    """The longest class of a part that is over the limit because of it, by the number of its unit."""
    module, parts = reading.module, reading.proposal.parts
    over = [name for part in parts if part.lines > limit for name in part.names]
    names = over if parts else list(module.definers) if module.lines > limit else []
    numbers = {number for name in names if name not in tried for number in module.definers.get(name, ())
               if len(module.definers[name]) == 1 and module.units[number].kind == "class"
               and module.span(number) > limit // 2}  # fmt: skip
    return max(numbers, key=lambda number: (module.span(number), -number), default=None)


def _find(config: Config, modules: Modules, word: str) -> str:
    """The dotted name of the module that a word means."""
    path = word.removeprefix("./")
    known = (*modules.name_of, *modules.shadowed)
    path = next((told for told in (path, f"{config.root()}/{path}") if told in known), path)
    if path in modules.shadowed:
        message = f"is imported by nothing while there is {modules.shadowed[path]}"
        raise DecomposerError(Problem(path, 0, "shadowed", message, "rename or delete one of the two first"))
    name = modules.name_of.get(path, word)
    for told in (name, f"{config.package}.{name}"):
        if told in modules.path_of:
            return told
    last = word.removesuffix(".py").replace("/", ".").rpartition(".")[2]
    same = modules.by_last.get(last) or [one for name in near(last, modules.by_last) for one in modules.by_last[name]]
    hint = f"did you mean {', '.join(sorted(same)[:3])}?" if same else "name it by its path or its dotted name"
    raise DecomposerError(Problem(word, 0, "no-module", "there is no such module in the package", hint))
