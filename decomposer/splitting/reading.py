"""The proposal for one module of a repository: all that `decompose split` and `decompose limits` ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from decomposer.graph.modules import Modules
from decomposer.model.config import Config
from decomposer.model.facts import TextFacts
from decomposer.model.problems import DecomposerError, Problem
from decomposer.splitting.asked import Asked, read_asked
from decomposer.splitting.classes import LargeClass, large_classes
from decomposer.splitting.module import Module
from decomposer.splitting.proposal import Proposal, propose
from decomposer.syntax.methods import read_classes


class Reading(Struct, frozen=True):
    """A module that was read, what others ask it for, how it would be split, and its classes that are too long."""

    module: Module
    asked: Asked
    proposal: Proposal
    classes: tuple[LargeClass, ...]


def read_proposal(
    config: Config, modules: Modules, texts: Mapping[str, TextFacts], read: Callable[[str], bytes | None], word: str,
    into: int | None = None,
) -> Reading:  # fmt: skip
    """The proposal for the module that a word means: a path or a dotted name, with or without the package.

    `modules` are those of the package, `texts` the facts of all files that are not Python, `read` gives a file's bytes;
    with `into` there are to be so many modules. Raises DecomposerError where there is no such module, or it cannot be
    read.
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
    return Reading(module, asked, propose(module, asked, config.limits.file, into, taken), classes)


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
    near = ", ".join(sorted(modules.by_last.get(last, ()))[:3])
    hint = f"did you mean {near}?" if near else "name it by its path or its dotted name"
    raise DecomposerError(Problem(word, 0, "no-module", "there is no such module in the package", hint))
