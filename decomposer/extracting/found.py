"""That every module is found where it has gone: nothing else lies where Python looks for it before."""

from __future__ import annotations

from collections.abc import Iterator

from decomposer.changeset import ChangeSet
from decomposer.extracting.tree import Tree
from decomposer.graph.modules import Modules
from decomposer.model.problems import Problem


def hidden(before: Tree, after: Tree, change_set: ChangeSet) -> Iterator[Problem]:
    """An error for each file in a service that would be found instead of a module that lies elsewhere after a change.

    Somebody may have put it there: a copy of what has its name, in the folder of a service that does not own that.
    """
    moved: dict[str, set[str]] = {}
    written = {change.path for change in change_set.changes}  # aliases, which hand over what has gone
    for change in change_set.changes:
        moved.setdefault(change.moved_from, set()).add(change.path)
    config, there = after.config, frozenset(after.everything)
    found = Modules(config.source, config.package, after.python, after.python, config.homes).path_of
    for name, path in before.code.modules.path_of.items():
        now, places = found.get(name, path), moved.get(path, {path})
        if now != path and now not in places | written and places & there:
            yield Problem(now, 0, "hides", f"is not what `{name}` is, which lies in {min(places)}, and would be found "
                          "in its place", "take it away first, where its service does not need it")  # fmt: skip
