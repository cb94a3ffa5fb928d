"""The page on the whole: a map of the services, who carries whose code, and where each has its page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from decomposer.facts.copied import origin
from decomposer.scaffold.calls import answering
from decomposer.scaffold.system import MARK, Artefact, Service, System, Template

PATH, INSTEAD = "docs/architecture.md", "docs/services/README.md"
"""Where the page lies, and where it does when somebody has written one there."""


def page(system: System, template: Template) -> Artefact:
    """The page on everything that has left so far."""
    there = system.text(PATH)
    path = PATH if there is None or MARK in there else INSTEAD
    pages = "services" if path == PATH else "."
    serving = system.serving()
    ids = {service.context: f"s{number}" for number, service in enumerate(serving, 1)}
    return Artefact(path, template(
        "architecture.md.j2", mark=MARK, system=system, monolith=system.monolith, serving=serving, ids=ids, pages=pages,
        left=sum(not one.context for one in system.operations), copies=sorted(_copies(system)),
        calls=[(service.context, owner if answering(system, owner) else "") for service in serving
               for owner in service.calls],
        falls_back=[service for service in serving if not service.is_cut_over],
    ))  # fmt: skip


def _copies(system: System) -> Iterator[tuple[str, str, int]]:
    """Which service carries how many files of which other, "" for what is the monolith's still."""
    for service in system.serving():
        found: Counter[str] = Counter()
        for path in service.copies:
            found[_owner(system, origin(system.read(path) or b""))] += 1
        yield from ((service.context, owner, count) for owner, count in found.items() if owner != service.context)


def _owner(system: System, path: str) -> str:
    """The context of the service in which a file lies, "" for none."""
    return next((one.context for one in system.serving() if _holds(one, path)), "")


def _holds(service: Service, path: str) -> bool:
    return path.startswith(f"{service.folder}/")
