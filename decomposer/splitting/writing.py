"""The writes of a split: new modules beside the old one, and what is left of it."""

from __future__ import annotations

from decomposer.changeset import Write
from decomposer.splitting.asked import Asked
from decomposer.splitting.module import Module
from decomposer.splitting.parts import Split
from decomposer.splitting.rendering import render


def split_writes(module: Module, split: Split, asked: Asked, mode: str) -> list[Write]:
    """Every file of a split; `mode` is git's of the old one."""
    folder = module.path.rpartition("/")[0]
    writes = []
    for name, content in render(module, split, asked).items():
        if name == module.name:
            writes.append(Write(module.path, content, f"what is left of {module.path}", mode))
        else:
            path = f"{folder}/{name.rpartition('.')[2]}.py".lstrip("/")
            writes.append(Write(path, content, f"a part of {module.path}"))
    return writes
