"""A tree with every kind of file and change, and what a tree is: all that must be the old or the new one."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from decomposer.changeset import Change, ChangeSet
from decomposer.shell.transaction import calls

Tree = dict[str, tuple[str, int, bytes]]
"""Of each path below a folder: kind, permissions, and content, a link's target, or nothing for a folder."""

RAW_NAME = os.fsdecode(b"na\xefve.txt")

CALLS = tuple(
    name
    for name, value in vars(calls).items()
    if callable(value) and getattr(value, "__module__", "") == calls.__name__
)
"""The names of all functions that change something on disk."""


def snapshot(root: Path) -> Tree:
    """Everything below a folder but what is the tool's own."""
    found: Tree = {}
    folders = [""]
    while folders:
        folder = folders.pop()
        for item in os.scandir(root / folder):
            path = f"{folder}/{item.name}".lstrip("/")
            if path == ".decompose":
                continue
            bits = stat.S_IMODE(item.stat(follow_symlinks=False).st_mode)
            if item.is_symlink():
                found[path] = "link", 0, os.fsencode(os.readlink(item.path))
            elif item.is_dir():
                found[path] = "folder", bits, b""
                folders.append(path)
            else:
                found[path] = "file", bits, Path(item.path).read_bytes()
    return found


def write_tree(root: Path, tree: Mapping[str, tuple[str, int, bytes]]) -> None:
    """Makes a folder what a snapshot says."""
    root.mkdir(parents=True, exist_ok=True)
    for path, (kind, bits, content) in sorted(tree.items()):
        full = root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        if kind == "link":
            full.symlink_to(os.fsdecode(content))
            continue
        if kind == "folder":
            full.mkdir(exist_ok=True)
        else:
            full.write_bytes(content)
        full.chmod(bits)


def file(content: bytes, bits: int = 0o644) -> tuple[str, int, bytes]:
    return "file", bits, content


def link(target: bytes) -> tuple[str, int, bytes]:
    return "link", 0, target


def folder(bits: int = 0o755) -> tuple[str, int, bytes]:
    return "folder", bits, b""


OLD: Tree = {
    "app": folder(),
    "app/edited.py": file(b"from app import old\r\n\0\xff", 0o640),
    "app/kept.py": file(b"kept\n"),
    "app/run.sh": file(b"#!/bin/sh\n", 0o750),
    "app/becomes_executable.sh": file(b"#!/bin/sh\n", 0o644),
    "app/becomes_plain": file(b"plain\n", 0o755),
    "app/read_only.py": file(b"read only\n", 0o444),
    "app/old": folder(0o750),
    "app/old/deep": folder(0o700),
    "app/old/deep/moved.py": file(b"import this\n", 0o600),
    "app/old/same.py": file(b"moved as it is\n", 0o755),
    "app/half": folder(),
    "app/half/goes.py": file(b"goes\n"),
    "app/half/stays.py": file(b"stays\n"),
    "app/empty": folder(0o711),
    RAW_NAME: file(b"no UTF-8 in the name\n"),
    "link_goes": link(b"app/kept.py"),
    "link_turns": link(b"app/kept.py"),
    "link_to_file": link(b"nowhere"),
    "file_to_link": file(b"a file\n", 0o600),
    "link_to_folder": link(b"app"),
    "file_to_folder": file(b"a file\n"),
    "folder_to_file": folder(0o775),
    "folder_to_file/inner": folder(),
    "folder_to_file/inner/only.py": file(b"only\n"),
}
NEW: Tree = {
    "app": folder(),
    "app/edited.py": file(b"from app import new\r\n\0\xff", 0o640),
    "app/kept.py": file(b"kept\n"),
    "app/run.sh": file(b"#!/bin/sh\ntrue\n", 0o750),
    "app/becomes_executable.sh": file(b"#!/bin/sh\n", 0o755),
    "app/becomes_plain": file(b"plain\n", 0o644),
    "app/read_only.py": file(b"still read only\n", 0o444),
    "app/half": folder(),
    "app/half/stays.py": file(b"stays\n"),
    "app/empty": folder(0o711),
    "app/empty/filled.py": file(b"filled\n"),
    RAW_NAME: file(b"edited all the same\n"),
    "link_turns": link(b"app/edited.py"),
    "link_to_file": file(b"now a file\n"),
    "file_to_link": link(b"app/kept.py"),
    "link_to_folder": folder(),
    "link_to_folder/__init__.py": file(b""),
    "file_to_folder": folder(),
    "file_to_folder/inner": folder(),
    "file_to_folder/inner/new.sh": file(b"new\n", 0o755),
    "folder_to_file": file(b"now a file\n"),
    "link_comes": link(b"app"),
    "services": folder(),
    "services/orders": folder(),
    "services/orders/moved.py": file(b"import that\n", 0o600),
    "services/orders/same.py": file(b"moved as it is\n", 0o755),
    "services/orders/large.bin": file(bytes(range(256)) * 400),
}
MOVED = {"services/orders/moved.py": "app/old/deep/moved.py", "services/orders/same.py": "app/old/same.py"}


def changes(old: Mapping[str, tuple[str, int, bytes]], new: Mapping[str, tuple[str, int, bytes]]) -> ChangeSet:
    """The change set that leads from one tree to another."""
    found = []
    for path in sorted(old.keys() | new.keys()):
        before, after = _file(old, path), _file(new, path)
        if before != after:
            mode = _mode(after or before)
            found.append(
                Change(path, before and before[2], after and after[2], mode, MOVED.get(path, ""), _mode(before))
            )
    return ChangeSet(tuple(found))


def _file(tree: Mapping[str, tuple[str, int, bytes]], path: str) -> tuple[str, int, bytes] | None:
    return None if path not in tree or tree[path][0] == "folder" else tree[path]


def _mode(entry: tuple[str, int, bytes] | None) -> str:
    if entry is None:
        return ""
    return "120000" if entry[0] == "link" else "100755" if entry[1] & 0o100 else "100644"
