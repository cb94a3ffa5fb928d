"""Looks for the monolith in a repository that has no configuration."""

from __future__ import annotations

from pathlib import Path

from decomposer.facts.python import read_python
from decomposer.graph.discovery import candidates
from decomposer.graph.link import is_test
from decomposer.model.config import Config
from decomposer.model.counting import counted
from decomposer.rewrite.package_path import found_homes

KNOWN = (("apps/coordinator-api/src", "app", "app.main:app"),)
"""Layouts that need no looking: source folder, package, entry."""


def discover(root: Path, paths: list[str]) -> Config | None:
    """The configuration of the largest package that makes a FastAPI application; None when there is none."""
    everything = set(paths)
    for source, package, entry in KNOWN:
        if f"{source}/{entry.partition(':')[0].replace('.', '/')}.py" in everything:
            return Config(source, package, (entry,), origin="known layout")
    makers = [path for path in paths if "/" in path and not is_test(path) and _makes_application(root / path)]
    found = candidates(makers, paths)
    if not found:
        return None
    if len(found) > 1:  # what has left the monolith may be larger than what is left of it
        led = _led_to(root, found, paths)
        found = [one for one in found if f"{one[1]}/{one[2]}".lstrip("/") not in led] or found
    count, source, package = found[0]
    others = f", of {len(found)} packages with an application" if len(found) > 1 else ""
    return Config(source, package, (), origin=f"found by looking: {counted(count, 'module')}{others}")


def _led_to(root: Path, found: list[tuple[int, str, str]], paths: list[str]) -> set[str]:
    """The packages of services that others of these packages look for modules in."""
    led: set[str] = set()
    for _, source, package in found:
        homes = found_homes(Config(source, package, ()), paths, lambda path: (root / path).read_bytes())
        for home in homes:
            source_folder, _, below = home.folder.partition("/src/")
            if below and source_folder != source:
                led.add(f"{source_folder}/src/{below.partition('/')[0]}")
    return led


def _makes_application(path: Path) -> bool:
    try:
        source = path.read_bytes()
    except OSError:
        return False
    if b"FastAPI(" not in source or b"fastapi" not in source:
        return False
    return any(event.action == "router" and event.value.endswith("FastAPI") for event in read_python(source).routes)
