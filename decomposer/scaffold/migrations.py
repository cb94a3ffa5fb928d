"""Alembic's environment of each service, where the monolith has one: it sees the tables that the service owns alone.

Services share a database until the data is parted, so each has a version table of its own, and `include_object` keeps
autogenerate from dropping what others own. The monolith's own environment stays as it is; what to put there is told.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from decomposer.model.problems import Problem
from decomposer.scaffold.running import source_folders
from decomposer.scaffold.system import MARK, Artefact, Service, System, Template

_VARIABLE = re.compile(r"""(?:environ(?:\.get\(|\[)|getenv\()\s*["']([A-Za-z_]\w*)["']""", re.ASCII)
_OF_DATABASES = re.compile(r"URL|URI|DSN|DATABASE|DB", re.IGNORECASE)
DEFAULT_VARIABLE = "DATABASE_URL"


@dataclass(frozen=True, slots=True)
class Environment:
    """The monolith's `env.py`: its path and text, and the variable from which it takes the database's URL, or ""."""

    path: str
    text: str
    variable: str


def render(system: System, services: tuple[Service, ...], template: Template) -> Iterator[Artefact | Problem]:
    """`alembic.ini` and `migrations/` of each service with tables, and of the core; nothing without Alembic."""
    monolith = find_environment(system)
    owning = [service for service in services if service.tables]
    if monolith is None or not owning:
        return
    variable = monolith.variable or DEFAULT_VARIABLE
    revisions = system.text(posixpath.join(posixpath.dirname(monolith.path), "script.py.mako"))
    for service in owning:
        values = {"mark": MARK, "service": service, "variable": variable, "version_table": version_table(service)}
        folder = f"{service.folder}/migrations"
        yield Artefact(f"{folder}/env.py", template("alembic_env.py.j2", models=models(system, service), **values))
        yield Artefact(f"{folder}/script.py.mako", f"## {MARK}\n{revisions or template('alembic_script.py.mako.j2')}")
        if not any(path.startswith(f"{folder}/versions/") for path in system.paths):
            yield Artefact(f"{folder}/versions/.gitkeep", "")
        paths = [f"%(here)s/{posixpath.relpath(path, service.folder)}" for path in source_folders(system, service)]
        yield Artefact(f"{service.folder}/alembic.ini", template("alembic.ini.j2", paths=paths, **values))
    yield from _told(monolith, owning)


def find_environment(system: System) -> Environment | None:
    """The `env.py` of Alembic that migrates the monolith: the nearest one to it that imports its package."""
    package = re.escape(system.monolith.package)
    imports = re.compile(rf"^\s*(?:from|import)\s+{package}\b", re.MULTILINE)
    below = "" if system.monolith.folder == "." else f"{system.monolith.folder}/"
    folders = tuple(f"{service.folder}/" for service in system.services)
    found = [path for path in system.paths if posixpath.basename(path) == "env.py" and not path.startswith(folders)]
    for path in sorted(found, key=lambda path: (not path.startswith(below), path.count("/"), path)):
        text = system.text(path) or ""
        if "target_metadata" in text and "context.configure" in text and imports.search(text):
            named = sorted(set(_VARIABLE.findall(text)), key=lambda name: (not _OF_DATABASES.search(name), name))
            return Environment(path, text, named[0] if named else "")
    return None


def version_table(service: Service) -> str:
    """Where a service's revisions are counted."""
    return f"alembic_version_{service.context.replace('-', '_')}"


def models(system: System, service: Service) -> list[str]:
    """The modules that declare the tables of a service, and those of the core, which its foreign keys may lead to."""
    core = system.core
    return [*(core.models if core is not None and service.core else ()), *service.models]


def _told(monolith: Environment, owning: Sequence[Service]) -> Iterator[Problem]:
    """What somebody has to do."""
    if not monolith.variable:
        yield Problem(monolith.path, 0, "migrations-url", "does not take the database's URL from the environment "
                      f"itself: that of the services is {DEFAULT_VARIABLE}",
                      f"set {DEFAULT_VARIABLE} where migrations are run", "warning")  # fmt: skip
    if "async" in monolith.text:
        yield Problem(monolith.path, 0, "migrations-async", "migrates by an asynchronous engine, services by a plain "
                      "one", "give them a URL with a driver such as psycopg", "warning")  # fmt: skip
    left = sorted({table for service in owning for table in service.tables
                   if f'"{table}"' not in monolith.text and f"'{table}'" not in monolith.text})  # fmt: skip
    if left:
        names = ", ".join(f'"{table}"' for table in left)
        yield Problem(monolith.path, 0, "migrations-left", f"still migrates {len(left)} table{'s' * (len(left) > 1)} "
                      "that a service, or the core, has migrations for", "give each context.configure(...) of it "
                      f"include_object=lambda thing, name, kind, *_: kind != \"table\" or name not in {{{names}}}",
                      "warning")  # fmt: skip
