"""Telling whoever still asks the monolith itself that it ends, and when."""

from __future__ import annotations

from msgspec.structs import replace

from decomposer.changeset import ChangeSet, Planned, Write, build_changeset
from decomposer.finishing.ending import Ending
from decomposer.model.finishing import Mark, Standing
from decomposer.model.problems import DecomposerError, Problem
from decomposer.rewrite.sunset import tells_of_sunset, with_sunset

NAME = "announce"
WHAT = "the monolith tells whoever asks it that it is deprecated, and when it ends"


def standing(ending: Ending) -> Standing:
    """How it stands."""
    code, problems = ending.tree.code, _problems(ending)
    if code.entry in code.modules.path_of and tells_of_sunset(ending.tree.read(code.path(code.entry)) or b""):
        return Standing(NAME, WHAT, Mark.DONE)
    return Standing(NAME, WHAT, Mark.BLOCKED if problems else Mark.OPEN, tuple(problems))


def plan(ending: Ending, sunset: str) -> Planned:
    """The change by which the monolith's answers have the headers; `sunset` is a day (ISO 8601), "" for that settled.

    It is deprecated from the day on which that is said for the first time. Raises DecomposerError for a day that is
    not after that.
    """
    tree, code = ending.tree, ending.tree.code
    day = sunset or ending.finish.sunset
    deprecated = ending.finish.deprecated or ending.today.isoformat()
    problems = _problems(ending)
    if day and day <= deprecated:
        raise DecomposerError(Problem("--sunset", 0, "usage", f"{day} is no day after {deprecated}, from when on the "
                                      "monolith is deprecated", "name a later day"))  # fmt: skip
    if not day:
        problems.append(Problem(ending.configuration, 0, "no-sunset", "nobody says when the monolith ends",
                                "decompose finish announce --sunset YYYY-MM-DD"))  # fmt: skip
    if problems:
        return Planned(ChangeSet(), tuple(problems))
    ending, written = ending.settled(replace(ending.finish, deprecated=deprecated, sunset=day))
    path = code.path(code.entry)
    source = tree.read(path) or b""
    application = tree.config.entries[0].partition(":")[2] or "app"
    entry = Write(path, with_sunset(source, application, deprecated, day), "what it tells of its end", tree.mode(path))
    writes = [written, entry]
    told = f"what the monolith answers has the headers Deprecation ({deprecated}) and Sunset ({day})"
    return Planned(build_changeset(writes, {write.path: tree.read(write.path) for write in writes}), (), (told,))


def _problems(ending: Ending) -> list[Problem]:
    tree, code = ending.tree, ending.tree.code
    if code.entry not in code.modules.path_of:
        return [Problem(tree.config.root(), 0, "no-entry", "no application is known",
                        'name it in decompose.toml: entry = ["module:attribute"]')]  # fmt: skip
    application = tree.config.entries[0].partition(":")[2] or "app"
    if any(d.name == application and d.kind == "function" for d in code.of(code.entry).definitions):
        told = f"`{application}` makes the application: nothing can be added to it there"
        return [Problem(code.path(code.entry), 0, "no-application", told,
                        "let it add a middleware that sets Deprecation and Sunset")]  # fmt: skip
    return []
