"""What the monolith's Dockerfile tells of images for its services."""

from __future__ import annotations

import re

from decomposer.scaffold.system import System

_FROM = re.compile(r"^FROM\s+(?:--\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?\s*$", re.MULTILINE | re.IGNORECASE)
_HOST = r"(?:[a-z0-9.-]+(?::\d+)?/)?(?:[a-z0-9._-]+/)*"
_PYTHON = re.compile(_HOST + r"python:(3\.\d+)[a-z0-9._-]*(?:@sha256:[0-9a-f]{64})?")
_INSTALLED = re.compile(r"\b(?:apt-get|apt|apk|microdnf|dnf|yum)\s+(?:-\S+\s+)*(?:install|add)\b")
_MINIMUM = re.compile(r"(?:>=|~=|==|\^|~)\s*(3\.\d+)")
OLDEST = "3.11"
"""The version of Python that is taken where nothing tells."""


def dockerfile(system: System) -> str:
    """The text of the monolith's Dockerfile, "" where it has none."""
    return (system.text(system.monolith.image) or "").replace("\\\n", " ") if system.monolith.image else ""


def base_image(system: System) -> str:
    """The image that the monolith's last stage stands on, where that is one of Python's; else Python's own."""
    stages = {name: image for image, name in _FROM.findall(dockerfile(system)) if name}
    last = next((image for image, _ in reversed(_FROM.findall(dockerfile(system)))), "")
    for _ in stages:
        last = stages.get(last, last)
    return last if _PYTHON.fullmatch(last) else f"python:{python_version(system)}-slim"


def python_version(system: System) -> str:
    """The minor version of Python that the monolith runs on: its image's, or the oldest that it allows."""
    found = re.search(r"^FROM\s+(?:\S*/)?python:(3\.\d+)", dockerfile(system), re.MULTILINE)
    if found:
        return found[1]
    allowed = [match[1] for service in system.services for match in _MINIMUM.finditer(service.python)]
    return max(allowed, key=lambda version: int(version[2:]), default=OLDEST)


def installs_packages(system: System) -> bool:
    """Whether the monolith's image has packages of the system besides what it stands on."""
    return bool(_INSTALLED.search(dockerfile(system)))


def is_roots(system: System) -> bool:
    """Whether the monolith's image runs as root."""
    users = re.findall(r"^USER\s+(\S+)", dockerfile(system), re.MULTILINE | re.IGNORECASE)
    return not users or users[-1].partition(":")[0] in ("root", "0")
