"""What `.gitignore` files leave out."""

from __future__ import annotations

import re
from collections.abc import Mapping

Pattern = tuple[str, bool]
"""An expression for what a line matches, and whether that is to be ignored (or, after `!`, not)."""


class Ignore:
    """The `.gitignore` files of a repository (text by folder), each for its own folder, the nearest one deciding."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._patterns: dict[str, tuple[re.Pattern[str] | None, list[Pattern]]] = {}
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
            any_of, patterns = self._compiled(folder)
            if any_of is not None and any_of.search(below):  # most paths match none, which one search tells
                for expression, ignored in patterns:
                    if _means(re.compile(expression), below):
                        return ignored
            if not folder:
                return False
            folder = folder.rpartition("/")[0]

    def _compiled(self, folder: str) -> tuple[re.Pattern[str] | None, list[Pattern]]:
        """The patterns of a folder's own file, and an expression for what any of them matches, None where none is."""
        if folder not in self._patterns:
            patterns = _parse(self._texts[folder]) if folder in self._texts else []
            any_of = "|".join(expression.replace("(?P<ps_d>", "(?:") for expression, _ in patterns)
            self._patterns[folder] = re.compile(any_of) if patterns else None, patterns
        return self._patterns[folder]


def _means(expression: re.Pattern[str], path: str) -> bool:
    """Whether an expression matches a path to its end: pathspec marks the slash where a folder above it matched."""
    if expression.search(path) is None:
        return False
    return any(
        match.groupdict().get("ps_d") is None or match.end("ps_d") == len(path) for match in expression.finditer(path)
    )


def _parse(text: str) -> list[Pattern]:
    """The patterns of one file, the last one first; as git does, those that are none are passed over."""
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern  # not needed when nothing has changed

    found: list[Pattern] = []
    for line in reversed(text.split("\n")):
        try:
            expression, ignored = GitIgnoreSpecPattern.pattern_to_regex(line.removesuffix("\r"))
        except ValueError:
            continue
        if expression is not None and ignored is not None and _is_expression(expression):
            found.append((expression, ignored))
    return found


def _is_expression(expression: str) -> bool:
    """Whether a pattern came out as an expression: ranges such as `[z-a]` are none, and only compiling tells."""
    if "[" not in expression.replace("[^/]", ""):
        return True
    try:
        re.compile(expression)
    except re.error:
        return False
    return True
