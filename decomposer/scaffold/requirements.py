"""What projects ask for: their requirements and their Python, in whichever form they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")


def declared_requirements(project: Mapping[str, Any]) -> dict[str, str]:
    """Requirements of a pyproject.toml by normalised name, of PEP 621 or Poetry; Poetry's become PEP 508."""
    found: dict[str, str] = {}
    optional = table(project, "project", "optional-dependencies").values()
    for listed in (table(project, "project").get("dependencies"), *optional):
        found = named(listed) | found
    for name, wanted in table(project, "tool", "poetry", "dependencies").items():
        given = wanted if isinstance(wanted, dict) else {"version": wanted}
        if name == "python" or "path" in given:  # a path leads to a package of the repository itself
            found.pop(normalised(name), None)
        elif normalised(name) not in found or "git" in given or "url" in given:  # else it only adds where it is from
            found[normalised(name)] = _from_poetry(name, given)
    return found


def named(listed: object) -> dict[str, str]:
    """The requirements of a list by normalised name; what is none is left out."""
    found: dict[str, str] = {}
    for requirement in listed if isinstance(listed, list) else []:
        if isinstance(requirement, str) and (match := _REQUIREMENT.match(requirement)):
            found.setdefault(normalised(match[1]), requirement.strip())
    return found


def _from_poetry(name: str, given: Mapping[str, Any]) -> str:
    """One of Poetry's requirements as PEP 508 has it, its extras and its markers with it."""
    extras = given.get("extras")
    extra = f"[{','.join(map(str, extras))}]" if isinstance(extras, list) and extras else ""
    place = given.get("url", "")
    if isinstance(given.get("git"), str):
        at = next((given[key] for key in ("rev", "tag", "branch") if isinstance(given.get(key), str)), "")
        place = f"git+{given['git']}" + (f"@{at}" if at else "")
    version = f" @ {place}" if place else pep508(given.get("version", "*"))
    python = pep508(given.get("python", "*"))
    markers = [_python_marker(bound) for bound in python.split(",") if bound]
    if isinstance(given.get("markers"), str):
        markers.append(f"({given['markers']})" if markers else given["markers"])
    ending = f"{' ' if place else ''}; {' and '.join(markers)}" if markers else ""
    return f"{name}{extra}{version}{ending}"


def _python_marker(bound: str) -> str:
    """A bound on Python's version as a marker; one on a release says so."""
    operator, version = re.match(r"([<>=!~]*)(.*)", bound).groups()  # type: ignore[union-attr]  # it matches anything
    name = "python_version" if version.count(".") < 2 or version.endswith(".*") else "python_full_version"
    return f"{name} {operator} '{version}'"


def listed_requirements(text: str) -> dict[str, str]:
    """The requirements of a `requirements.txt` by normalised name, without comments, hashes and options."""
    lines = (re.sub(r"(^|\s)#.*|\s--?[a-z].*|\s*\\\s*$", "", line).strip() for line in text.splitlines())
    return named([line for line in lines if line and "/" not in line.partition("@")[0].partition(";")[0]])


def locked_names(text: str) -> frozenset[str]:
    """The names of all that a lock file of uv, Poetry or PDM has, as indexes compare them."""
    return frozenset(normalised(name) for name in re.findall(r'^name = "([^"\n]+)"', text, re.MULTILINE))


def required_names(project: Mapping[str, Any]) -> set[str]:
    """The names of all that a pyproject.toml requires, packages of the repository among it."""
    return {*declared_requirements(project), *table(project, "tool", "poetry", "dependencies")}


def required_python(projects: Iterable[Mapping[str, Any]]) -> str:
    """The Python versions of the first project that says some, PEP 621 or Poetry; this tool's own where none does."""
    for project in projects:
        given = table(project, "project").get("requires-python")
        poetry = pep508(table(project, "tool", "poetry", "dependencies").get("python", "*"))
        found = given if isinstance(given, str) and given else poetry
        if found:
            return found
    return ">=3.11"


def pep508(version: object) -> str:
    """Poetry's versions, `^1.2` and `~1.2` among them, as PEP 508 has them; "" for any version.

    What has no equal there, as alternatives (`^1 || ^2`) and lists by platform, is left open.
    """
    if not isinstance(version, str) or "|" in version:
        return ""
    return ",".join(filter(None, (_bounds(part.strip()) for part in version.split(","))))


def _bounds(version: str) -> str:
    """One of Poetry's constraints as PEP 508 has it."""
    if version in ("", "*"):
        return ""
    if version.startswith("~=") or version[0] in "<>!":
        return version.replace(" ", "")
    if version[0] not in "^~":
        return f"=={version.lstrip('= ')}"
    lower = version[1:].strip()
    numbers = re.findall(r"\d+", re.split(r"[^\d.]", lower)[0])
    if not numbers:
        return ""
    if version[0] == "^":
        fixed = next((i for i, number in enumerate(numbers) if int(number)), len(numbers) - 1)
    else:
        fixed = min(1, len(numbers) - 1)
    upper = [*numbers[:fixed], str(int(numbers[fixed]) + 1)]
    return f">={lower},<{'.'.join(upper)}"


def table(data: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """The table below these keys, an empty one where the file has none, or something else there."""
    for key in keys:
        inner = data.get(key)
        data = inner if isinstance(inner, dict) else {}
    return data


def normalised(name: str) -> str:
    """A distribution's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
