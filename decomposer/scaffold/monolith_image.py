"""The monolith's Dockerfile with what has left the monolith, whose modules it goes on loading from their new homes."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from decomposer.model.problems import Problem
from decomposer.scaffold.system import Artefact, System

_TOLD = "# modules that have left the monolith, which finds them here"
_INSTRUCTION = re.compile(
    r"^[ \t]*(COPY|ADD|WORKDIR|FROM)[ \t]+((?:[^\n\\]|\\\n|\\.)*)(?:\n|\Z)", re.MULTILINE | re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Copy:
    """An instruction that copies: what, to where (as the image has it), and where it ends in the text."""

    sources: tuple[str, ...]
    place: str
    end: int


def render(system: System) -> Iterator[Artefact | Problem]:
    """The edited Dockerfile; a warning where it cannot be told how modules get into the image."""
    path, text = system.monolith.image, system.text(system.monolith.image) if system.monolith.image else None
    wanted = [f"{service.folder}/src" for service in system.services if not service.is_cut_over]
    if text is None or not wanted:
        return
    copies = list(_copies(text))
    missing = [folder for folder in wanted if not any(_covers(copy, folder) for copy in copies)]
    if not missing:
        return
    anchor = next((copy for copy in reversed(copies) if _covers(copy, system.monolith.source)), None)
    if anchor is None:
        yield Problem(path, 0, "image-to-review", f"the monolith loads modules from {', '.join(missing)} now, and it "
                      "cannot be told how they would get into its image",
                      "let the image be built from the repository's root, and copy them", "warning")  # fmt: skip
        return
    home = _inside(anchor, system.monolith.source)
    there = {folder: posixpath.relpath(folder, system.monolith.source) for folder in missing}
    lines = [f"COPY {folder} {posixpath.normpath(posixpath.join(home, below))}" for folder, below in there.items()]
    at = anchor.end
    while (line := text[at:].partition("\n")[0]) and (line == _TOLD or re.match(r"COPY (\S+/src) \S+/src$", line)):
        at += len(line) + 1
    told = [] if _TOLD in text else [_TOLD]
    before = text[:at] if text[:at].endswith("\n") else text[:at] + "\n"
    yield Artefact(path, before + "\n".join([*told, *lines]) + "\n" + text[at:], is_edit=True)


def _copies(text: str) -> Iterator[_Copy]:
    """The instructions that copy files of the repository, in order."""
    folder = "/"
    for found in _INSTRUCTION.finditer(text):
        kind, rest = found[1].upper(), found[2].replace("\\\n", " ").strip()
        if kind == "FROM":
            folder = "/"
        elif kind == "WORKDIR":
            folder = posixpath.join(folder, rest)
        elif "--from=" not in rest:
            words = _words(rest)
            if len(words) > 1:
                place = posixpath.join(folder, words[-1])
                yield _Copy(tuple(posixpath.normpath(word) for word in words[:-1]), place, found.end())


def _words(rest: str) -> list[str]:
    """What an instruction names, without its options; [] for what cannot be read."""
    while rest.startswith("--"):
        rest = rest.partition(" ")[2].strip()
    if rest.startswith("["):
        try:
            found = json.loads(rest)
        except ValueError:
            return []
        return [word for word in found if isinstance(word, str)]
    return rest.split()


def _covers(copy: _Copy, folder: str) -> bool:
    """Whether an instruction copies a folder of the repository: itself, or one above it."""
    return any(source == "." or f"{folder}/".startswith(f"{source}/") for source in copy.sources)


def _inside(copy: _Copy, folder: str) -> str:
    """Where a folder that is copied is in the image."""
    source = next(one for one in copy.sources if one == "." or f"{folder}/".startswith(f"{one}/"))
    return posixpath.normpath(posixpath.join(copy.place, posixpath.relpath(folder, source)))
