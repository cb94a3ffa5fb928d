"""How the repository's own workflows are: whose they are, what they run on, and the actions that they use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from decomposer.scaffold.local import projects_above
from decomposer.scaffold.requirements import declared_requirements, named, normalised, table
from decomposer.scaffold.system import MARK, System

_PYTHON = re.compile(r"\b(?:pytest|python3?|pip|poetry|uv)\b")
_RUNS_ON = re.compile(r"^\s+runs-on:\s*[\"']?([A-Za-z0-9][\w.-]*)[\"']?\s*(?:#.*)?$", re.MULTILINE)
_USES = re.compile(r"uses:\s*[\"']?(actions/[\w-]+)@([\w.-]+)[\"']?[ \t]*(# *v[\w.]+)?")
_BRANCHES = re.compile(r"^\s+branches:\s*(\[[\w./*, \"'-]*\])\s*$", re.MULTILINE)
_TESTING = re.compile(r"pytest(?:-[\w-]+)?|httpx|anyio|trio|hypothesis|freezegun|respx|ruff")
FOLDERS = (".github/workflows", ".gitea/workflows", ".forgejo/workflows")


@dataclass(frozen=True, slots=True)
class Workflows:
    """The folder of the workflows that run Python, `runs_on` and `branches` as most of them have it ("" for all).

    `actions` gives the versions of actions that they use; `is_plain` says that none of them checks out by an action,
    which a runner may not have. `builds_images` says that some use docker.
    """

    folder: str
    runs_on: str
    branches: str
    actions: Mapping[str, str]
    is_plain: bool
    builds_images: bool


def find_workflows(system: System) -> Workflows:
    """The repository's own workflows, and GitHub's usual ones where it has none."""
    found: dict[str, list[str]] = {folder: [] for folder in FOLDERS}
    for path in system.paths:
        folder, _, name = path.rpartition("/")
        if folder in found and name.endswith((".yml", ".yaml")):
            text = system.text(path) or ""
            if MARK not in text and _PYTHON.search(text):
                found[folder].append(text)
    folder = max(FOLDERS, key=lambda folder: len(found[folder]))
    texts = found[folder]
    actions = {name: f"{version} {comment}".strip() for text in texts for name, version, comment in _USES.findall(text)}
    usual = "ubuntu-latest"
    return Workflows(
        folder, _most([run for text in texts for run in _RUNS_ON.findall(text)]) or usual,
        _most([branches for text in texts for branches in _BRANCHES.findall(text)]),
        {"actions/checkout": "v4", "actions/setup-python": "v5"} | actions,
        folder != FOLDERS[0] and "actions/checkout" not in actions, any("docker" in text for text in texts),
    )  # fmt: skip


def testing_requirements(system: System) -> list[str]:
    """What tests and the linter need, at the versions that the repository's projects ask for."""
    found = {"pytest": "pytest", "httpx": "httpx", "ruff": "ruff"}
    for project in reversed(list(projects_above(system.monolith.folder.removeprefix("."), system.read))):
        groups = [*table(project, "dependency-groups").values(),
                  *table(project, "project", "optional-dependencies").values()]  # fmt: skip
        for group in groups:
            found |= {name: one for name, one in named(group).items() if _TESTING.fullmatch(name)}
        poetry = [table(group, "dependencies") for group in table(project, "tool", "poetry", "group").values()
                  if isinstance(group, dict)]  # fmt: skip
        for dependencies in (*poetry, table(project, "tool", "poetry", "dev-dependencies")):
            declared = declared_requirements({"tool": {"poetry": {"dependencies": dict(dependencies)}}})
            found |= {name: one for name, one in declared.items() if _TESTING.fullmatch(normalised(name))}
    return sorted(found.values())


def _most(values: Sequence[str]) -> str:
    """The most common of some values, the first of equals; "" for none."""
    return Counter(values).most_common(1)[0][0] if values else ""
