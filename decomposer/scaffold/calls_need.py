"""What calls over HTTP need of the monolith's requirements: pydantic 2, which contracts and clients are written for."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from decomposer.model.problems import Problem
from decomposer.rules.toml import Document
from decomposer.rules.toml_lines import Place
from decomposer.scaffold.local import Read, asked_for, folders_above
from decomposer.scaffold.requirements import declared_requirements, listed_requirements, named, normalised, table

_NAME = "pydantic"
_CHOICES = 'move the monolith to pydantic 2, or let the rules share or copy what they call (policy = "share" or "copy")'


def too_old(folder: str, read: Read) -> Problem | None:
    """An error at the requirement by which the monolith, whose folder this is, does not allow pydantic 2.

    Nothing where nothing declares a version, or one that is only for some environments.
    """
    asked = asked_for(folder, read).get(_NAME, "")
    try:
        required = Requirement(asked or _NAME)
    except InvalidRequirement:
        return None  # whoever installs it is told
    allowed = required.specifier
    is_open = required.marker is not None or not len(allowed)
    if is_open or any(allowed.contains(version, prereleases=True) for version in _second(allowed)):
        return None
    folders = list(folders_above(folder))
    places = (place for find in (_in_project, _in_list) for one in folders for place in find(one, read))
    path, line = next(places)
    return Problem(path, line, "pydantic-1", f"`{asked}` does not allow pydantic 2, which calls over HTTP (policy = "
                   '"client") are written for: what is rendered would not boot', _CHOICES)  # fmt: skip


def _second(allowed: SpecifierSet) -> Iterator[Version]:
    """Versions of pydantic 2: those about the ones that a requirement names, and each minor one."""
    for one in allowed:
        base = one.version.removesuffix(".*")
        named_so = Version(base)
        if named_so.major == 2:
            yield from (named_so, Version(f"2.{named_so.minor}.{named_so.micro + 1}"))
    yield from (Version(f"2.{minor}") for minor in range(100))


def _in_project(folder: str, read: Read) -> Iterator[tuple[str, int]]:
    """Where a folder's project requires it."""
    path = f"{folder}/pyproject.toml".lstrip("/")
    content = read(path)
    document = Document(path, content.decode("utf-8", "replace")) if content is not None else None
    if document is not None and not document.problems and _NAME in declared_requirements(document.data):
        yield path, document.line(_key(document))


def _in_list(folder: str, read: Read) -> Iterator[tuple[str, int]]:
    """Where a folder's list of requirements has it."""
    path = f"{folder}/requirements.txt".lstrip("/")
    text = (read(path) or b"").decode("utf-8", "replace")
    if _NAME in listed_requirements(text):
        yield path, next(at for at, line in enumerate(text.splitlines(), 1) if _NAME in listed_requirements(line))


def _key(document: Document) -> Place:
    """The place of the requirement in a project, of PEP 621 or Poetry."""
    for name in table(document.data, "tool", "poetry", "dependencies"):
        if normalised(name) == _NAME:
            return "tool", "poetry", "dependencies", name
    extras = table(document.data, "project", "optional-dependencies")
    own = table(document.data, "project").get("dependencies")
    lists: list[tuple[Place, object]] = [(("project", "dependencies"), own)]
    lists += [(("project", "optional-dependencies", extra), listed) for extra, listed in extras.items()]
    return next((*place, position) for place, listed in lists if isinstance(listed, list)
                for position, one in enumerate(listed) if _NAME in named([one]))  # fmt: skip
