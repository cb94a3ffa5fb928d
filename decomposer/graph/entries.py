"""Entry applications that are written down and that the code does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decomposer.graph.discovery import applications
from decomposer.graph.modules import Modules
from decomposer.model.config import Config
from decomposer.model.facts import PythonFacts


def unknown_entries(config: Config, facts: Mapping[str, PythonFacts]) -> Iterator[tuple[int, str, str]]:
    """The position of each entry that leads nowhere, why, and what may have been meant.

    What a star import, or code that runs, may bind cannot be judged, nor what a file says that is not understood.
    """
    modules = Modules(config.source, config.package, facts, facts, config.homes)
    for position, entry in enumerate(config.entries):
        module, _, attribute = entry.partition(":")
        if module not in modules.path_of:
            why = f"there is no module `{module}` in the package"
        elif not attribute:
            why = f"`{entry}` names a module, and not the application in it"
        elif not _may_have(facts[modules.path_of[module]], attribute.partition(".")[0]):
            why = f"there is no `{attribute}` in {modules.path_of[module]}"
        else:
            continue
        yield position, why, _meant(config, facts, entry)


def _may_have(facts: PythonFacts, name: str) -> bool:
    """Whether a module may have something of a name."""
    if facts.error or facts.dynamic_getattr or facts.open_namespace or name in facts.bindings:
        return True
    imported = {bound for fact in facts.imports if not fact.scope for _, bound in fact.names}
    defined = {definition.name for definition in facts.definitions}
    made = {event.target for event in facts.routes}  # in a function, which may say that it is global
    return bool({name, "*"} & imported) or name in defined | made


def _meant(config: Config, facts: Mapping[str, PythonFacts], entry: str) -> str:
    """A hint: the application that is called most alike, else those that there are."""
    import difflib

    inside = {path: told for path, told in facts.items() if path.startswith(f"{config.root()}/")}
    known = [name for _, name in applications(config.source, config.package, inside)]
    near = difflib.get_close_matches(entry, known, 1, 0.5)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"applications there: {', '.join(known[:4])}" if known else "an entry is MODULE:ATTR, such as app.main:app"
