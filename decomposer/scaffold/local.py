"""Packages of the repository besides the monolith's: where each lies, and which project builds it."""

from __future__ import annotations

import fnmatch
import posixpath
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from decomposer.model.config import Config
from decomposer.scaffold.requirements import (
    declared_requirements,
    listed_requirements,
    normalised,
    required_names,
    table,
)
from decomposer.scaffold.system import Local

Read = Callable[[str], bytes | None]
OURS = "# rendered by decompose"
"""What stands behind an extra in the root's project that tells what a service needs, and not the monolith."""
_EXTRA = re.compile(rf"^[\"'\w.-]+ = \[\r?\n(?:[ \t][^\n]*\n)*\] {OURS}\r?$", re.MULTILINE)


def local_packages(config: Config, paths: Iterable[str], first: Collection[str] = ()) -> dict[str, str]:
    """Every package by name with the folder that holds it ("" for the root); `paths` are all Python files.

    Of two with one name, the one in a folder that is named first is taken, else the one nearest to the root. A stray
    `src/__init__.py` makes no package of the folder.
    """
    inside = {place.removesuffix("/__init__.py") for place in paths if place.endswith("/__init__.py")}
    inside = {place for place in inside if place.rpartition("/")[2] != "src"}
    listed = {folder: number for number, folder in enumerate(first)}
    ours = {config.package, config.core_package()}
    found: dict[str, str] = {}

    def rank(place: str) -> tuple[int, int, str]:
        return listed.get(place.rpartition("/")[0], len(listed)), place.count("/"), place

    for place in sorted((place for place in inside if place.rpartition("/")[0] not in inside), key=rank):
        holder, _, name = place.rpartition("/")
        if name.isidentifier() and name not in ours and not place.startswith(config.root() + "/"):
            found.setdefault(name, holder)
    return found


def find_local(package: str, holder: str, read: Read, config: Config) -> Local:
    """A package with the nearest project above it that builds it, and does not bring the monolith's project along.

    Nor is it the repository's own project, or the monolith's: the services are theirs, and they require everything.
    """
    monolith = project_name(read_project(config.project().rstrip("/"), read))
    folder = holder
    while folder:
        project = read_project(folder, read)
        name = project_name(project)
        below = posixpath.relpath(holder or ".", folder or ".")
        if name and _builds(project, name, package, below):
            brings_monolith = normalised(monolith) in {normalised(n) for n in (name, *required_names(project))}
            return Local(package, holder or ".", *(() if brings_monolith else (name, folder)))
        folder = folder.rpartition("/")[0]
    return Local(package, holder or ".")


def projects_above(folder: str, read: Read) -> Iterator[dict[str, Any]]:
    """The projects in a folder and in those above it that can be read, the nearest one first."""
    yield from filter(None, (read_project(one, read) for one in folders_above(folder)))


def folders_above(folder: str) -> Iterator[str]:
    """A folder and those above it, the nearest first, the repository's ("") the last."""
    yield folder
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder


def asked_for(folder: str, read: Read) -> dict[str, str]:
    """The requirements of the projects and lists in a folder and in those above it, by normalised name.

    A project goes before a list, and the nearest one first.
    """
    found: dict[str, str] = {}
    for project in projects_above(folder, read):
        found = declared_requirements(project) | found
    for one in folders_above(folder):
        text = (read(f"{one}/requirements.txt".lstrip("/")) or b"").decode("utf-8", "replace")
        found = listed_requirements(text) | found
    return found


def read_project(folder: str, read: Read) -> dict[str, Any]:
    """The pyproject.toml in a folder ("" for the root) as a table, an empty one where none can be read.

    Extras of services are none of it.
    """
    content = read(f"{folder}/pyproject.toml".lstrip("/"))
    try:
        return tomllib.loads(_EXTRA.sub("", (content or b"").decode("utf-8", "replace")))
    except tomllib.TOMLDecodeError:
        return {}  # its own trouble, which whoever builds it is told of


def project_name(project: Mapping[str, Any]) -> str:
    """The name of a project's distribution, "" where it has none."""
    name = table(project, "project").get("name") or table(project, "tool", "poetry").get("name")
    return name if isinstance(name, str) else ""


def _builds(project: Mapping[str, Any], name: str, package: str, below: str) -> bool:
    """Whether a project's distribution holds a package that lies in a folder below it, as its back end decides."""
    place = posixpath.normpath(f"{below}/{package}")
    usual = normalised(name).replace("-", "_") == package.lower() and below in (".", "src")
    backend = table(project, "build-system").get("build-backend", "")
    poetry = table(project, "tool", "poetry")
    if poetry and "poetry" in str(backend or "poetry"):
        if poetry.get("package-mode") is False:
            return False
        listed = [given for given in _listed(poetry.get("packages")) if isinstance(given, dict)]
        return any(_covers(f"{given.get('from', '.')}/{given.get('include', '')}", place) for given in listed) \
            if listed else usual  # fmt: skip
    if "hatchling" in str(backend):
        wheel = table(project, "tool", "hatch", "build", "targets", "wheel")
        listed = [given for key in ("packages", "only-include", "include") for given in _listed(wheel.get(key))]
        return any(_covers(str(given), place) for given in listed) if listed else usual
    setuptools = table(project, "tool", "setuptools")
    if isinstance(setuptools.get("packages"), list):
        homes = table(setuptools, "package-dir")
        return package in setuptools["packages"] and str(homes.get(package, homes.get("", "."))) in (below, place)
    find = table(setuptools, "packages", "find")
    if find:
        included = _listed(find.get("include")) or ["*"]
        return below in [posixpath.normpath(str(one)) for one in _listed(find.get("where")) or ["."]] and any(
            fnmatch.fnmatch(package, str(pattern)) for pattern in included)  # fmt: skip
    if "setuptools" in str(backend) or not backend:  # discovery finds packages of any name in `src`
        return below == "src" or usual
    return usual


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _covers(given: str, place: str) -> bool:
    """Whether a listed folder, which may be a pattern, is a package's or is above it."""
    plain = posixpath.normpath(given.lstrip("/")).removesuffix("/**").removesuffix("/*")
    return fnmatch.fnmatch(place, plain) or place.startswith(plain + "/")
