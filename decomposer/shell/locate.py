"""Where things lie: the repository, its configuration, the rule files and the tool's own data."""

from __future__ import annotations

import tomllib
from pathlib import Path

import decomposer
from decomposer.model.problems import DecomposerError, Problem

CONFIG_NAMES = ("decompose.toml", "pyproject.toml")


def find_repository(given: Path | None) -> Path:
    """The folder a command works on: the one given, else the nearest upwards with a configuration or a `.git`.

    Raises DecomposerError when the folder given is none.
    """
    if given is not None:
        if not given.is_dir():
            raise DecomposerError(Problem(str(given), 0, "no-folder", "there is no such folder"))
        return given.resolve()
    start = Path.cwd()
    for folder in (start, *start.parents):
        if (folder / "decompose.toml").is_file() or (folder / ".git").exists():
            return folder
    return start


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
        if not folder.resolve().is_relative_to(root.resolve()):
            raise DecomposerError(Problem(configured, 0, "outside", "the folder of rules lies outside the repository"))
    elif bundled:
        folder, shown = data_folder("rules"), "rules"
    else:
        return {}
    if not folder.is_dir():
        raise DecomposerError(Problem(shown, 0, "no-rules", "there is no such folder of rules",
                                      "name one with --rules, or run `decompose init`"))  # fmt: skip
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise DecomposerError(Problem(shown, 0, "no-rules", "the folder has no rule file (*.toml)"))
    return {f"{shown.rstrip('/')}/{path.name}": _read(path) for path in files}


def data_folder(name: str) -> Path:
    """The tool's own `rules` or `templates`: beside the package in a checkout, inside it in a wheel."""
    package = Path(decomposer.__file__).parent
    for folder in (package / "_data" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise DecomposerError(Problem(name, 0, "installation", f"the tool's own {name} are missing: install it again"))


def _has_table(path: Path) -> bool:
    text = path.read_bytes()
    if b"[tool.decompose" not in text:
        return False
    try:
        return "decompose" in tomllib.loads(text.decode("utf-8", "replace")).get("tool", {})
    except tomllib.TOMLDecodeError:
        return True  # whoever reads it says where it is broken


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise DecomposerError(Problem(str(path), 0, "unreadable", f"cannot be read: {error.strerror}")) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise DecomposerError(Problem(str(path), line, "unreadable", "is not UTF-8")) from None
