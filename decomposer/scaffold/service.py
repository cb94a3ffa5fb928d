"""What the scaffolding of one service, or of the core, is rendered from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its name, top packages, and what it imports from outside; `core` is the core's distribution."""

    name: str
    description: str
    port: int
    packages: tuple[str, ...]
    dependencies: tuple[str, ...]
    local_packages: tuple[str, ...]
    python: str
    core: str
