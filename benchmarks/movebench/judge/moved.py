"""What a check may ask: where the module is now, and whether it is one module."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from types import ModuleType

OLD, NEW = os.environ["MOVE_OLD"], os.environ["MOVE_NEW"]
AFTER = os.environ["MOVE_DONE"] == "1"
NAME = NEW if AFTER else OLD
SOURCE = Path(os.environ["MOVE_SOURCE"])


def module() -> ModuleType:
    """The module at its present place; where the old name imports too, it is the same object."""
    found = import_module(NAME)
    if AFTER:
        try:
            old = import_module(OLD)
        except ImportError:
            return found
        assert old is found, f"{OLD} and {NEW} are two modules"
    return found


def path() -> Path:
    """Where the module's file or folder is now, relative to the program's root, and it is there."""
    place = SOURCE / NAME.replace(".", "/")
    place = place if place.is_dir() else place.with_suffix(".py")
    assert place.exists(), f"{place} is not there"
    return place


def is_moved(value: str) -> bool:
    """Whether a name or path in some file names the module at its present place, which is there."""
    return value == (path().as_posix() if "/" in value else NAME)


def resolve(target: str) -> object:
    """What `module:attribute` names."""
    name, _, attributes = target.partition(":")
    found: object = import_module(name)
    for attribute in attributes.split("."):
        found = getattr(found, attribute)
    return found


def find(pattern: str, file: str) -> str:
    """The first group of a pattern in a file of the program."""
    match = re.search(pattern, Path(file).read_text(), re.MULTILINE)
    assert match, f"{pattern} is not in {file}"
    return match[1]


def run(*command: str, **more: object) -> str:
    """What a command prints; it has to succeed."""
    done = subprocess.run(command, capture_output=True, text=True, **more)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


def python(*arguments: str) -> str:
    """What a fresh interpreter prints."""
    return run(sys.executable, "-B", *arguments)


def import_each(*names: str) -> None:
    """Imports each module as the first one of a fresh interpreter."""
    for name in names:
        python("-c", f"import {name}")


def unittest(*files: str) -> None:
    """Runs the tests in files, of which there has to be one at least."""
    from unittest import TextTestRunner, defaultTestLoader

    sys.path.insert(0, "tests")
    suite = defaultTestLoader.loadTestsFromNames([Path(file).stem for file in files or ["tests/test_wallet.py"]])
    result = TextTestRunner(sys.stderr).run(suite)
    assert result.testsRun and result.wasSuccessful()


def pytest(*arguments: str) -> None:
    """Runs pytest on the program's tests."""
    run(sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments)


def same_lines(before: bytes, after: bytes, but: Iterable[int]) -> None:
    """Holds two states of a file against each other, byte for byte but for lines counted from 1."""
    old, new = before.split(b"\n"), after.split(b"\n")
    assert len(old) == len(new), f"{len(old)} lines have become {len(new)}"
    for number, (was, now) in enumerate(zip(old, new, strict=True), 1):
        assert was == now or number in set(but), f"line {number}: {was!r} has become {now!r}"
