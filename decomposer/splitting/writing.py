"""The writes of a split: new modules beside the old one, what is left of it, and the imports of others."""

from __future__ import annotations

from decomposer.changeset import Write
from decomposer.model.edges import Graph
from decomposer.model.problems import Problem
from decomposer.splitting.asked import Asked
from decomposer.splitting.checking import After, Repository, look_after
from decomposer.splitting.following import following_writes, not_loaded_any_more
from decomposer.splitting.module import Module
from decomposer.splitting.parts import Homes, Split
from decomposer.splitting.rendering import render


def look_at_split(
    before: Repository, graph: Graph, module: Module, split: Split, asked: Asked, follow: bool
) -> tuple[list[Write], After]:
    """The writes of a split, and the repository as it would be; `graph` is the one that it has now.

    With `follow`, others import from the new modules what has gone there, unless that would break something: then they
    go on to ask the old one, and it is told.
    """
    writes = split_writes(module, split, asked, before.mode(module.path))
    stay = {*asked.patched, *(name for _, _, name in split.order)}  # what they are in the old one counts
    homes = {name: part for name, part in Homes(module, split).moved.items() if name not in stay}
    followed = list(following_writes(before, module.name, homes)) if follow else []
    if followed:
        after = look_after(before, graph, module.path, [*writes, *followed])
        content = {write.path: write.content for write in (*writes, *followed)}
        lost = not_loaded_any_more(before, after.python, lambda path: content.get(path) or before.read(path))
        if not after.problems and not lost:
            return [*writes, *followed], after
        why = (*after.problems, *lost)[0]
        told = Problem(module.path, 0, "not-followed", "others go on to import from here what has gone to new modules; "
                       f"what would be wrong otherwise: {why.place()}: {why.message}", severity="warning")  # fmt: skip
        after = look_after(before, graph, module.path, writes)
        return writes, After(after.python, after.graph, (*after.problems, told))
    return writes, look_after(before, graph, module.path, writes)


def split_writes(module: Module, split: Split, asked: Asked, mode: str) -> list[Write]:
    """Every file of a split; `mode` is git's of the old one."""
    folder = module.path.rpartition("/")[0]
    writes = []
    for name, content in render(module, split, asked).items():
        if name == module.name:
            writes.append(Write(module.path, content, f"what is left of {module.path}", mode))
        else:
            path = f"{folder}/{name.rpartition('.')[2]}.py".lstrip("/")
            writes.append(Write(path, content, f"a part of {module.path}"))
    return writes
