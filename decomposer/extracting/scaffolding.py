"""What a service, or the core, needs besides its code: every target of the scaffolding, rendered."""

from __future__ import annotations

from collections.abc import Sequence

from decomposer.changeset import Write
from decomposer.extracting.described import describe
from decomposer.extracting.tree import Tree, Way
from decomposer.model.problems import Problem
from decomposer.scaffold import render
from decomposer.scaffold.system import Artefact


def scaffolding(
    tree: Tree, contexts: Sequence[str], writes: Sequence[Write], way: Way
) -> tuple[list[Write], list[Problem]]:
    """What is rendered for some contexts ("core" for the core) when these writes have been made; and what to know.

    Of a context that has no service yet nothing is.
    """
    system, guessed = describe(tree, writes, way.contract)
    problems = guessed if "nginx" in way.targets else []  # nobody else leads to the monolith
    services = [service for service in system.services if service.context in contexts]
    rendered: dict[str, Write] = {}
    for item in render(system, services, way.targets, way.template):
        if isinstance(item, Artefact):
            content = None if item.text is None else item.text.encode("utf-8", "surrogateescape")
            there = item.moved_from or item.path
            mode = tree.mode(there) if tree.read(there) is not None else "100644"
            rendered[item.path] = Write(item.path, content, f"the scaffolding of {item.path}", mode, item.moved_from)
        else:
            problems.append(item)
    return list(rendered.values()), problems
