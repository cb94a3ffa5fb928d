"""How far each context has come: planned, extracted, verified, cut over; and what is next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from decomposer.model.config import Config
from decomposer.planning.codebase import Codebase


def extracted(config: Config, context: str, paths: Iterable[str]) -> bool:
    """Whether a context has a service."""
    return f"{config.service_root(context)}/main.py" in set(paths)


def routed_away(config: Config, contexts: Sequence[str]) -> set[str]:
    """Of these contexts, those whose service no package of the monolith looks into."""
    return {
        context for context in contexts
        if not any(f"{home.folder}/".startswith(f"{config.service(context)}/") for home in config.homes)
    }  # fmt: skip


def left_in(code: Codebase, context: str) -> list[str]:
    """The files of a context that are still in the monolith; barrels of folders that stay, and aliases, are not."""
    root = code.config.root() + "/"
    return [
        path for path, name in sorted(code.modules.name_of.items())
        if path.startswith(root) and code.assignment.context(path) == context
        and not code.modules.is_package(path) and not hands_on_only(code, name)
    ]  # fmt: skip


def hands_on_only(code: Codebase, module: str) -> bool:
    """Whether a module of the monolith only leads to modules that have gone elsewhere."""
    facts, root = code.of(module), code.config.root() + "/"
    if any(definition.name.partition(".")[0] != "_Alias" for definition in facts.definitions):
        return False
    targets = [code.modules.longest(fact.module if fact.is_from else fact.names[0][0])[0]
               for fact in facts.imports if not fact.level]  # fmt: skip
    ours = [code.path(target) for target in targets if target]
    return bool(ours) and not any(path.startswith(root) for path in ours)
