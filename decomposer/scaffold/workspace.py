"""The root's pyproject.toml, which gains the services in its own dialect; what is there stays as it is written.

Poetry has a group for each service (https://python-poetry.org/docs/managing-dependencies/#optional-groups), uv has
them as members of its workspace (https://docs.astral.sh/uv/concepts/projects/workspaces/). The standard's own tables
cannot lead to a folder of the repository, and a mere name would be looked for on an index: there a service has an extra
of what it needs of third parties.
"""

from __future__ import annotations

import fnmatch
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from decomposer.model.problems import Problem
from decomposer.scaffold.local import OURS, read_project
from decomposer.scaffold.requirements import normalised, required_python, table
from decomposer.scaffold.system import Artefact, Service, System, Template
from decomposer.scaffold.versions import uncovered
from decomposer.scaffold.yaml_text import BEGIN, END, without_block

PATH = "pyproject.toml"
WHAT = "groups"
_HEADER = re.compile(r"^\[\[?\s*([^\]\n]+?)\s*\]\]?", re.MULTILINE)


def render(system: System, services: tuple[Service, ...], template: Template) -> Iterator[Artefact | Problem]:
    """The root's project with all services in it; nothing where the root has none."""
    text = system.text(PATH)
    if text is None or all(service.is_core for service in services):
        return
    project = read_project("", system.read)
    dialect = _dialect(system, project)
    if dialect is None:
        return
    name, lock, command = dialect
    found = {"poetry": _poetry, "uv": _uv, "pep 621": _extras}[name](system, text, template)
    if isinstance(found, Problem):
        yield found
        return
    yield Artefact(PATH, found, is_edit=True)
    if found != text and name != "pep 621":
        if system.read(lock) is not None:
            yield Problem(lock, 0, "lock-behind", "does not have the services yet that pyproject.toml has",
                          f"run `{command}`", "warning")  # fmt: skip
        yield from _conflicts(system, project, name)


def _dialect(system: System, project: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """What the root's project is written for, with its lock file and what makes that anew; None for no project."""
    is_locked = system.read("uv.lock") is not None and "project" in project
    if table(project, "tool", "uv", "workspace") or is_locked:
        return "uv", "uv.lock", "uv lock"
    if table(project, "tool", "poetry"):
        return "poetry", "poetry.lock", "poetry lock"
    return ("pep 621", "", "") if "project" in project else None


def _parts(system: System, service: Service) -> list[tuple[str, str]]:
    """The distributions of the repository that a service is made of, with their folders, its own the last."""
    core = system.core if service.core else None
    local = {*service.local, *(core.local if core is not None else ())}
    built = sorted({(one.distribution, one.project) for one in local if one.distribution})
    return [*built, *([(core.name, core.folder)] if core is not None else []), (service.name, service.folder)]


def _poetry(system: System, text: str, template: Template) -> str | Problem:
    """A group for each service, behind Poetry's other tables."""
    bare, known = without_block(text, WHAT)
    there = {normalised(name) for name in table(tomllib.loads(bare), "tool", "poetry", "group")}
    groups = [template("poetry.group.j2", service=service, packages=_parts(system, service))
              for service in system.serving() if normalised(service.context) not in there]  # fmt: skip
    if not groups:
        return bare
    body = "\n".join(groups)
    block = f"{BEGIN.format(WHAT)}\n{body}{END.format(WHAT)}\n"
    expected = _with_groups(tomllib.loads(bare), tomllib.loads(body))
    for place in ([known] if known >= 0 else [*_behind_poetry(bare), len(bare)]):
        before = bare[:place] if not place or bare[:place].endswith("\n") else bare[:place] + "\n"
        gap = "" if known >= 0 or before.endswith("\n\n") else "\n"
        after = bare[place:] if known >= 0 or bare[place:].startswith(("\n", "\r\n")) or not bare[place:] \
            else "\n" + bare[place:]  # fmt: skip
        edited = before + gap + block + after
        try:
            if tomllib.loads(edited) == expected:
                return edited
        except tomllib.TOMLDecodeError:
            continue
    return Problem(PATH, 0, "workspace-unwritten", "its groups are written in a way that none can be added to",
                   "write each as a table of its own", "warning")  # fmt: skip


def _with_groups(project: dict[str, Any], added: dict[str, Any]) -> dict[str, Any]:
    poetry = project["tool"]["poetry"]
    poetry["group"] = poetry.get("group", {}) | added["tool"]["poetry"]["group"]
    return project


def _behind_poetry(text: str) -> Iterator[int]:
    """The offsets behind Poetry's tables, the last one first, and before the blank lines and comments of the next one.

    What stands in a string may look like a table: a place is to be tried.
    """
    headers = [(match.start(), match[1].replace(" ", "")) for match in _HEADER.finditer(text)]
    ends = [start for start, _ in headers[1:]] + [len(text)]
    for (_, name), end in reversed(list(zip(headers, ends, strict=True))):
        if f"{name}.".startswith("tool.poetry."):
            lines = text[:end].splitlines(keepends=True)
            while lines and (not lines[-1].strip() or lines[-1].startswith("#")):
                lines.pop()
            yield sum(map(len, lines))


def _uv(system: System, text: str, _: Template) -> str | Problem:
    """The services and what they are made of as members, and where each is to be had."""
    import tomlkit

    document = tomlkit.parse(text)
    parts = dict(part for service in system.serving() for part in _parts(system, service))
    uv = document.setdefault("tool", tomlkit.table(True)).setdefault("uv", tomlkit.table(True))
    workspace = uv.setdefault("workspace", tomlkit.table())
    members = workspace.setdefault("members", tomlkit.array())
    for folder in parts.values():
        if not any(_matches(folder, str(member)) for member in members):
            members.append(folder)
    sources = uv.setdefault("sources", tomlkit.table())
    there = {normalised(name) for name in sources}
    for name in parts:
        if normalised(name) not in there:
            source = tomlkit.inline_table()
            source["workspace"] = True
            sources[name] = source
    return tomlkit.dumps(document)


def _matches(folder: str, member: str) -> bool:
    """Whether a pattern of members covers a folder, level by level."""
    levels, patterns = folder.split("/"), member.strip("/").split("/")
    return len(levels) == len(patterns) and all(map(fnmatch.fnmatchcase, levels, patterns))


def _extras(system: System, text: str, _: Template) -> str | Problem:
    """An extra for each service with what it needs of third parties."""
    import tomlkit

    document = tomlkit.parse(text)
    project: Any = document["project"]
    if "optional-dependencies" in project.get("dynamic", ()):
        return Problem(PATH, 0, "workspace-unwritten", "its extras are made when it is built: none is added",
                       "pip install -e the folders of the services", "warning")  # fmt: skip
    extras = project.setdefault("optional-dependencies", tomlkit.table())
    for service in system.serving():
        core = system.core if service.core else None
        needed = sorted({*service.dependencies, *(core.dependencies if core is not None else ())}, key=str.lower)
        there = extras.get(service.context)
        if there is not None and (there.trivia.comment != OURS or list(there) == needed):
            continue
        listed = tomlkit.array()
        listed.extend(needed)
        extras[service.context] = listed.multiline(True).comment(OURS)
    return tomlkit.dumps(document)


def _conflicts(system: System, project: Mapping[str, Any], dialect: str) -> Iterator[Problem]:
    """What cannot be locked together with the root, because it does not run on every Python that the root does."""
    root = required_python([project])
    parts = dict(part for service in system.serving() for part in _parts(system, service))
    rendered = {service.folder: service.python for service in system.services}
    for folder in parts.values():
        python = rendered.get(folder) or required_python([read_project(folder, system.read)])
        version = uncovered(root, python)
        if version:
            yield Problem(f"{folder}/pyproject.toml", 0, "python-differs",
                          f"requires Python {python}, but the root allows {version}, too: {dialect} cannot lock both",
                          f"narrow the root's `{root}`, or widen this one", "warning")  # fmt: skip
