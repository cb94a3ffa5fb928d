"""Distributions built as wheels and unpacked: what an empty environment would hold of them."""

from __future__ import annotations

import re
import shutil
import sys
import zipfile
from collections.abc import Mapping
from email.parser import BytesParser
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion

from decomposer.model.probes import Probe
from decomposer.shell.probing import Running, run
from decomposer.shell.scan import SKIPPED_FOLDERS


class Built(Struct, frozen=True):
    """An unpacked wheel: the distribution's name and the folder; or why there is none."""

    name: str = ""
    folder: Path = Path()
    error: str = ""


def build_wheel(told: Running, project: str) -> Built:
    """The wheel of a project's folder, built from a copy of it by hatchling, and unpacked."""
    source = told.root / project
    if not (source / "pyproject.toml").is_file():
        return Built(error=f"{project}/pyproject.toml is missing")
    work = told.folder / "wheels" / project.replace("/", "-")
    copy, wheels, unpacked = work / "project", work / "dist", work / "site"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns(*SKIPPED_FOLDERS, ".env*"))
    # Without one of its own the builder would go up to the one in `.decompose`, which ignores everything.
    (copy / ".gitignore").touch()
    ended = run(told, [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)], work, cwd=copy)
    found = sorted(wheels.glob("*.whl")) if not ended.code and not ended.why else []
    if not found:
        lines = [line.strip() for line in ended.output.splitlines() if line.strip()]
        return Built(error=f"{project}/pyproject.toml: {ended.why or (lines[-1] if lines else 'no wheel was built')}")
    with zipfile.ZipFile(found[0]) as archive:
        archive.extractall(unpacked)
        metadata = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        name = BytesParser().parsebytes(archive.read(metadata))["Name"]
    if not any(path.suffix == ".py" for path in unpacked.rglob("*.py")):
        return Built(error=f"{project}/pyproject.toml: the wheel has no module in it")
    return Built(str(name), unpacked)


def with_places(found: Probe, homes: Mapping[str, str]) -> Probe:
    """What a probe saw, told of the files that a wheel was made of and not of the unpacked ones."""

    def mend(place: str) -> str:
        for unpacked, source in homes.items():
            place = place.replace(unpacked, source)
        return place

    return replace(
        found,
        imports=tuple((module, mend(error), mend(place)) for module, error, place in found.imports),
        refused=tuple((name, mend(place)) for name, place in found.refused),
        undeclared=tuple((name, mend(place)) for name, place in found.undeclared),
        boot_place=mend(found.boot_place),
        place=mend(found.place),
    )


def unmet(
    probe: Probe, own: set[str], asked: Mapping[str, str], providers: Mapping[str, tuple[str, ...]], project: str,
    text: str,
) -> tuple[list[str], list[str]]:  # fmt: skip
    """The declared requirements that are wrong here, and those that nothing installed meets, but that may be right.

    They are told at their lines of the project's file, whose text this is. `asked` are the monolith's, by normalised
    name: where they are not met either, the environment is another one than it asks for, and its requirement is no
    worse for having gone to a service. `providers` are the distributions that have what the monolith can import: a name
    is wrong that nothing has here, when another one has what is imported by it.
    """
    trouble: list[str] = []
    alike: list[str] = []
    others: dict[str, tuple[str, ...]] = {canonicalize_name(name): found for name, found in providers.items()}
    lines = {name: line for line, written in enumerate(text.splitlines(), 1) for name in _quoted(written)}
    for told in probe.requirements:
        name = ""
        try:
            requirement = Requirement(told)
            name = canonicalize_name(requirement.name)
            why = "" if name in own else _unmet(requirement, probe.installed.get(name))
        except (InvalidRequirement, InvalidVersion) as error:
            why = " ".join(str(error).split())
        place = f"{project}:{lines[name]}" if name in lines else project
        if why and name in asked and _same(requirement, asked[name]):
            alike.append(f"{place}: {told}: {why}, and the monolith asks for the same")
        elif why and name not in probe.installed and name in others:
            trouble.append(f"{place}: {told}: {why}; what is imported by it is {', '.join(others[name])}'s")
        elif why and name and name not in probe.installed:
            alike.append(f"{place}: {told}: {why}: whether it is the right one is not known")
        elif why:
            trouble.append(f"{place}: {told}: {why}; install it, or write the right one there")
    return trouble, alike


def _quoted(line: str) -> list[str]:
    """The name of the distribution that a line of a project's list begins with."""
    found = re.match(r"\s*[\"']([A-Za-z0-9._-]+)", line)
    return [canonicalize_name(found[1])] if found else []


def _unmet(requirement: Requirement, version: str | None) -> str:
    """Why a requirement is not met by what is installed of it; "" where it is, or does not count here."""
    if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
        return ""
    if version is None:
        return "no distribution of that name is installed here"
    return "" if requirement.specifier.contains(version, prereleases=True) else f"{version} is installed here"


def _same(requirement: Requirement, asked: str) -> bool:
    """Whether the monolith's own requirement of that name asks for the same versions."""
    try:
        return requirement.specifier == Requirement(asked).specifier
    except InvalidRequirement:
        return False
