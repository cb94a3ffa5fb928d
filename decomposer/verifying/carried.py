"""The copies that services carry, as they lie on the disk, each with its original."""

from __future__ import annotations

from pathlib import Path

from decomposer.checks.copies import Carried
from decomposer.facts.copied import origin
from decomposer.model.config import COPIES, CORE, Config
from decomposer.planning.states import carries_copy
from decomposer.rewrite.alias import alias_target
from decomposer.shell import disk
from decomposer.verifying.places import Places


def copies_of(places: Places, context: str) -> list[Carried]:
    """What lies among the copies of a context's service."""
    root, config = Path(places.root), places.config
    source = f"{config.service(context)}/src"
    roots = [config.root(), *(config.service_root(other) for other in (*places.contexts, CORE) if other != context)]
    found: list[Carried] = []
    for path in disk.list_folder(root, source):
        if not path.endswith(".py") or not carries_copy(config, context, path):
            continue
        content = (root / path).read_bytes()
        if config.own_package and not origin(content):
            continue  # a part of a package that copies lie in
        below = path.removeprefix(f"{source}/").partition("/")[2].removeprefix(f"{COPIES}/")
        first = [origin(content)] if alias_target(content) else _handed_over(root, config, origin(content))
        there = dict.fromkeys([*first, *(f"{home}/{below}" for home in roots)])
        original = next((place for place in there if place and (root / place).is_file()), "")
        found.append(Carried(path, content, original, (root / original).read_bytes() if original else b""))
    return found


def _handed_over(root: Path, config: Config, path: str) -> list[str]:
    """A file, or where the module lies that it hands over since that has moved."""
    if not path or not (root / path).is_file():
        return []
    target = alias_target((root / path).read_bytes())
    if not target:
        return [path]
    below = target.replace(".", "/")
    homes = [home.folder.rpartition("/")[0] for home in config.homes if home.dotted == below.partition("/")[0]]
    return [f"{home}/{below}{ending}" for home in homes for ending in (".py", "/__init__.py")]
