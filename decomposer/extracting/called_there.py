"""What is rendered anew when contexts are cut over: theirs, and what makes those that call them ask their services."""

from __future__ import annotations

from collections.abc import Sequence

from decomposer.changeset import Write
from decomposer.extracting.described import describe
from decomposer.extracting.scaffolding import scaffolding
from decomposer.extracting.tree import Tree, Way
from decomposer.facts.called import calling_at
from decomposer.model.problems import Problem
from decomposer.scaffold.calls import address, callers
from decomposer.scaffold.system import MARK


def called_there(
    tree: Tree, contexts: Sequence[str], way: Way
) -> tuple[list[Write], list[Problem], tuple[str, ...]]:  # fmt: skip
    """The clients of contexts that have just been cut over, and what is rendered for both sides.

    Also what to know of it, and a line about each service that asks elsewhere from then on.
    """
    system, _ = describe(tree, (), way.contract)
    writes: list[Write] = []
    calling = [service for service in callers(system) if {*service.calls} & {*contexts}]
    for service in calling:
        for path, owner in service.clients:
            content = tree.read(path) or b""
            if owner in contexts and MARK.encode() in content:
                after = calling_at(content, address(system, owner))
                writes.append(Write(path, after, f"the client calls {owner}'s service", tree.mode(path)))
    both = list(dict.fromkeys((*contexts, *(service.context for service in calling))))
    rendered, told = scaffolding(tree, both, writes, way)
    lines = tuple(f"{service.context} calls {owner} at {address(system, owner)}, where the monolith was asked"
                  for service in calling for owner in service.calls if owner in contexts)  # fmt: skip
    return [*writes, *rendered], told, lines
