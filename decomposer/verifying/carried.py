"""The copies that services carry, as they lie on the disk, each with its original."""

from __future__ import annotations

from pathlib import Path

from decomposer.checks.copies import Carried, origin
from decomposer.model.config import COPIES, CORE
from decomposer.shell import disk
from decomposer.verifying.places import Places


def copies_of(places: Places, context: str) -> list[Carried]:
    """What lies among the copies of a context's service."""
    root, config = Path(places.root), places.config
    folder = f"{config.service_root(context)}/{COPIES}"
    roots = [config.root(), *(config.service_root(other) for other in (*places.contexts, CORE) if other != context)]
    found: list[Carried] = []
    for path in disk.list_folder(root, folder):
        if not path.endswith(".py"):
            continue
        content = (root / path).read_bytes()
        below = path.removeprefix(f"{folder}/")
        there = dict.fromkeys([origin(content), *(f"{home}/{below}" for home in roots)])
        original = next((place for place in there if place and (root / place).is_file()), "")
        found.append(Carried(path, content, original, (root / original).read_bytes() if original else b""))
    return found
