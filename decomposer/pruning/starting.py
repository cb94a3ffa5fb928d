"""Files outside the package that start what they name, and those that only tell people of it."""

from __future__ import annotations

import posixpath
import re

_DOCUMENTS = frozenset({".md", ".rst", ".txt", ".adoc"})
_PAGES = frozenset({".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte", ".html", ".htm"})
LARGEST_PAGE = 512 * 1024
"""Bytes. What is larger is somebody else's code, or put together of what is there besides."""
_RUNS = frozenset({".service", ".timer", ".sh", ".bash", ".mk", ""})
_STARTED = re.compile(rb"(?:\bpython[\d.]*|\buvicorn|\bgunicorn|\bhypercorn|\bcelery|\s-[mA])\s+\S")
_STARTS = ("dockerfile", "containerfile", "makefile", "procfile", "justfile", "docker-compose", "compose", "crontab",
           "pyproject.toml", "setup.cfg")  # fmt: skip


def runs(path: str) -> bool:
    """Whether a file starts what it names: a unit, a script, an image, a project's entry points."""
    name = posixpath.basename(path).lower()
    return posixpath.splitext(name)[1] in _RUNS or name.startswith(_STARTS) or "/workflows/" in path


def is_document(path: str) -> bool:
    """Whether a file is there for people."""
    return posixpath.splitext(path)[1] in _DOCUMENTS


def is_page(path: str) -> bool:
    """Whether a file is what browsers get: its strings may be names that are sent back, its other words are its own."""
    return posixpath.splitext(path)[1] in _PAGES


def starts_at(source: bytes, line: int) -> bool:
    """Whether a line of a document has a command that starts something."""
    lines = source.splitlines()
    return line <= len(lines) and _STARTED.search(lines[line - 1]) is not None
