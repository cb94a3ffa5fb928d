"""What `.gitignore` files leave out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Ignore:
    """The `.gitignore` files of a repository (text by folder), each for its own folder, the nearest one deciding."""

    def __init__(self, patterns: Mapping[str, str]) -> None:
        self._specs = {folder: _compile(text) for folder, text in patterns.items()}
        self._folders: dict[str, bool] = {}

    def matches(self, path: str) -> bool:
        """Whether git would ignore a file, or a folder it lies in."""
        return self._folder(path.rpartition("/")[0]) or self._decide(path)

    def _folder(self, folder: str) -> bool:
        if not folder:
            return False
        if folder not in self._folders:
            self._folders[folder] = self._folder(folder.rpartition("/")[0]) or self._decide(folder + "/")
        return self._folders[folder]

    def _decide(self, path: str) -> bool:
        folder = path.rstrip("/").rpartition("/")[0]
        while True:
            spec = self._specs.get(folder)
            if spec is not None:
                include = spec.check_file(path[len(folder) + 1 :] if folder else path).include
                if include is not None:
                    return include
            if not folder:
                return False
            folder = folder.rpartition("/")[0]


def _compile(text: str) -> GitIgnoreSpec:
    """The patterns of one file; as git does, those that are none are passed over."""
    from pathspec import GitIgnoreSpec

    lines = [line.removesuffix("\r") for line in text.split("\n")]
    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines(line for line in lines if _is_pattern(line))


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
