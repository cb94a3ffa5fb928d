"""`__file__` in a module that goes elsewhere: made to mean the path that it had, where files stay that it leads to."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from decomposer.model.problems import Problem
from decomposer.model.sites import Edit, Sites
from decomposer.syntax.bytes_of_text import Text, text_of
from decomposer.syntax.sites import read_sites

MADE = re.compile(rb'__import__\("os"\)\.path\.abspath\(__file__ \+ "/\.\./([^"]+)"\)')
"""How a module that went elsewhere names the file that it was: where that lay does not move with anything."""


def file_edits(content: Text, sites: Sites, old_path: str, new_path: str) -> Iterator[Edit]:
    """The edits that keep what `__file__` leads to, where a module goes to another folder without its neighbours.

    `__file__` becomes the path that the module had, as seen from where it is now.
    """
    if posixpath.dirname(old_path) == posixpath.dirname(new_path):
        return
    made = list(MADE.finditer(content.utf8))
    for match in made:  # by an earlier move
        first = posixpath.normpath(posixpath.join(posixpath.dirname(old_path), match[1].decode()))
        yield Edit(match.start(), match.end(), _file_of(first, new_path))
    for use in sites.uses:
        within = any(match.start() <= use.start < match.end() for match in made)
        if use.name == "__file__" and not use.in_text and use.scope == -1 and not within:
            yield Edit(use.start, use.ends[0], _file_of(old_path, new_path))


def with_own_folder(source: bytes) -> bytes:
    """A module as it was before its `__file__` was made to mean another path."""
    return MADE.sub(b"__file__", source)


def with_old_folder(source: bytes, old_path: str, new_path: str) -> bytes:
    """A module whose `__file__` means the path that it had; as it is where it cannot be understood."""
    try:
        content = text_of(source)
    except (SyntaxError, UnicodeDecodeError):
        return source
    sites = read_sites(source, content)
    return source if sites.error else content.edited(file_edits(content, sites, old_path, new_path))


def _file_of(path: str, here: str) -> bytes:
    """An expression for a path as seen from another: `__file__` where they are the same."""
    if path == here:
        return b"__file__"
    back = posixpath.relpath(path, posixpath.dirname(here))
    return f'__import__("os").path.abspath(__file__ + "/../{back}")'.encode()


def file_problems(path: str, content: Text, sites: Sites) -> Iterator[Problem]:
    """A warning for each line that uses `__file__`, since it means another folder after the move."""
    for use in sites.uses:
        if use.name == "__file__" and use.scope == -1:
            line = content.utf8.count(b"\n", 0, use.start) + 1
            yield Problem(
                path, line, "path-to-review", "uses `__file__`: it is made to mean the folder that the module was in",
                "move the files it reads, and write `__file__` again", "warning",
            )  # fmt: skip
