"""Where things lie: the repository, its configuration, the rule files and the tool's own data."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import decomposer
from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell.disk import lies_within
from decomposer.shell.scan import SKIPPED_FOLDERS, repository_above

CONFIG_NAMES = ("decompose.toml", "pyproject.toml")


def find_repository(given: Path | None) -> Path:
    """The folder a command works on: the one given, else the nearest upwards with a configuration or a `.git`.

    Raises DecomposerError when there is no such folder.
    """
    if given is not None:
        if not given.is_dir():
            raise DecomposerError(Problem(str(given), 0, "no-folder", "there is no such folder"))
        return given.resolve()
    try:
        return Path(repository_above(os.getcwd()))
    except OSError as error:
        raise DecomposerError(Problem(".", 0, "no-folder", f"the current folder is gone: {error.strerror}")) from None


def folder_below(root: Path) -> str:
    """The current folder as seen from a repository's root; "" for the root itself or a folder outside."""
    try:
        return Path.cwd().relative_to(root).as_posix().removeprefix(".")
    except (OSError, ValueError):
        return ""


def find_configuration(root: Path, given: Path | None) -> tuple[str, str] | None:
    """The configuration's path as shown and its text; None when the repository has none.

    Raises DecomposerError when one is named that cannot be read.
    """
    if given is not None:
        return str(given), _read(given)
    for name in CONFIG_NAMES:
        path = root / name
        if path.is_file() and (name == "decompose.toml" or _has_table(path)):
            return name, _read(path)
    return None


def read_rule_files(root: Path, given: Path | None, configured: str, bundled: bool) -> dict[str, str]:
    """The text of every rule file by its path: of the folder given, else configured, else the tool's own.

    `bundled` says whether the tool's own rules fit this monolith. Raises DecomposerError for a folder that is
    named and not there, has no rule file in it, or lies outside the repository without having been given.
    """
    if given is not None:
        folder, shown = given, str(given)
    elif configured:
        folder, shown = root / configured, configured
        _must_count(root, folder, configured)
    elif bundled:
        folder, shown = data_folder("rules"), "bundled rules"
    else:
        return {}
    if not folder.is_dir():
        raise DecomposerError(Problem(shown, 0, "no-rules", "there is no such folder of rules",
                                      "name one with --rules, or run `decompose init`"))  # fmt: skip
    files = {
        f"{shown.rstrip('/')}/{path.name}": path
        for path in sorted(folder.glob("*.toml"))
        if not path.name.startswith(".")  # an editor's, not a team's
    }
    if not files:
        raise DecomposerError(Problem(shown, 0, "no-rules", "the folder has no rule file (*.toml)"))
    if configured and given is None:
        outside = [Problem(name, 0, "outside", "is a link that leaves the repository")
                   for name, path in files.items() if not lies_within(root, path)]  # fmt: skip
        if outside:
            raise DecomposerError(outside)
    return {name: _read(path) for name, path in files.items()}


def _must_count(root: Path, folder: Path, configured: str) -> None:
    """Raises DecomposerError for a folder of rules whose changes nobody would notice."""
    if not lies_within(root, folder):
        raise DecomposerError(Problem(configured, 0, "outside", "the folder of rules lies outside the repository"))
    for part in folder.relative_to(root).parts:
        if part in SKIPPED_FOLDERS:
            raise DecomposerError(Problem(configured, 0, "no-rules", f"`{part}` is never looked into",
                                          "keep the rules in another folder"))  # fmt: skip


def data_folder(name: str) -> Path:
    """The tool's own `rules` or `templates`: beside the package in a checkout, inside it in a wheel."""
    package = Path(decomposer.__file__).parent
    for folder in (package / "_data" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise DecomposerError(Problem(name, 0, "installation", f"the tool's own {name} are missing: install it again"))


def read_given(path: Path) -> str:
    """The text of a file that was named on the command line; raises DecomposerError where it cannot be read."""
    return _read(path)


def _has_table(path: Path) -> bool:
    text = _read(path)
    if "decompose" not in text:
        return False
    try:
        tool = tomllib.loads(text).get("tool")
    except tomllib.TOMLDecodeError:
        return "[tool.decompose" in text  # whoever reads it says where it is broken
    return isinstance(tool, dict) and "decompose" in tool


def _read(path: Path) -> str:
    """A file's text; bytes that are not UTF-8 stay in it as lone surrogates, for whoever reads it to complain of."""
    try:
        return path.read_bytes().decode("utf-8-sig", "surrogateescape")
    except OSError as error:
        raise DecomposerError(Problem(str(path), 0, "unreadable", f"cannot be read: {error.strerror}")) from None
