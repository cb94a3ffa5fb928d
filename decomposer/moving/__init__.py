"""Everything that a move writes, and what a person should know of it before it is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from decomposer.changeset import Write
from decomposer.model.facts import PythonFacts, TextFacts
from decomposer.model.moves import MovePlan
from decomposer.model.problems import Problem
from decomposer.moving.files import Files
from decomposer.moving.readers import Readers
from decomposer.moving.result import Result
from decomposer.moving.situation import Read, Situation


def move_writes(
    plan: MovePlan, expires: str, repair: bool, python: Mapping[str, PythonFacts], texts: Mapping[str, TextFacts],
    paths: Iterable[str], read: Read, mode: Callable[[str], str],
    finish: Callable[[Situation, list[Write]], list[Write]] = lambda _, writes: writes,
    rule_files: Collection[str] = (), readers: Readers | None = None,
) -> tuple[list[Write], list[Problem]]:  # fmt: skip
    """The final bytes of every file, and what a person should know.

    `expires` is the date of the aliases at the old names (ISO 8601), "" for none; `repair` mends broken imports too.
    `python` and `texts` are the facts, by path, of the files that mention the package; `paths` are all Python files,
    `read` gives a file's present bytes by its path, `mode` git's mode of it. `finish` adds to the writes, or changes
    them, before it is looked at what they would break. `rule_files` are the paths of the package's rule files,
    `readers` say what is written in Python files.
    """
    readers = readers or Readers()
    unread = {path for path in plan.files if path.endswith(".py") and path not in python}  # a top-level module
    python = {**python, **{path: readers.facts(read(path) or b"") for path in unread}}
    situation = Situation(plan, expires, repair, python, texts, paths, read, mode, rule_files)
    files = Files(situation, readers.sites)
    writes, problems = Result(situation, readers.facts).without_circles(finish(situation, files.writes()))
    return writes, sorted({*files.problems, *problems})
