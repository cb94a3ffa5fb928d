"""What `.gitignore` files leave out."""

from __future__ import annotations

import re
from collections.abc import Mapping

Pattern = tuple[re.Pattern[str], bool]
"""What a line matches, and whether that is to be ignored (or, after `!`, not)."""


class Ignore:
    """The `.gitignore` files of a repository (text by folder), each for its own folder, the nearest one deciding."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._patterns: dict[str, list[Pattern]] = {}
        self._folders: dict[str, bool] = {}

    def matches(self, path: str) -> bool:
        """Whether git would ignore a file, or a folder it lies in."""
        return self.matches_folder(path.rpartition("/")[0]) or self._decide(path)

    def matches_folder(self, folder: str) -> bool:
        """Whether git would ignore a folder, or one it lies in."""
        if not folder:
            return False
        if folder not in self._folders:
            self._folders[folder] = self.matches_folder(folder.rpartition("/")[0]) or self._decide(folder + "/")
        return self._folders[folder]

    def _decide(self, path: str) -> bool:
        """What the last pattern says that means this very file, or folder where it ends with a slash."""
        folder = path.rstrip("/").rpartition("/")[0]
        while True:
            below = path[len(folder) + 1 :] if folder else path
            for expression, ignored in self._compiled(folder):
                if _means(expression, below):
                    return ignored
            if not folder:
                return False
            folder = folder.rpartition("/")[0]

    def _compiled(self, folder: str) -> list[Pattern]:
        if folder not in self._patterns:
            self._patterns[folder] = _compile(self._texts[folder]) if folder in self._texts else []
        return self._patterns[folder]


def _means(expression: re.Pattern[str], path: str) -> bool:
    """Whether an expression matches a path to its end: pathspec marks the slash where a folder above it matched."""
    if expression.search(path) is None:
        return False
    return any(
        match.groupdict().get("ps_d") is None or match.end("ps_d") == len(path) for match in expression.finditer(path)
    )


def _compile(text: str) -> list[Pattern]:
    """The patterns of one file, the last one first; as git does, those that are none are passed over."""
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern  # not needed when nothing has changed

    found: list[Pattern] = []
    for line in reversed(text.split("\n")):
        try:
            pattern = GitIgnoreSpecPattern(line.removesuffix("\r"))
        except (ValueError, re.error):
            continue
        if pattern.regex is not None and pattern.include is not None:
            found.append((pattern.regex, pattern.include))
    return found
