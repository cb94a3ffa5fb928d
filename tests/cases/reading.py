"""How case files are read: a comment, then files, each behind `=== path`, the last one what is expected."""

from __future__ import annotations

from pathlib import Path


def read_case(path: Path, expected: str) -> tuple[dict[str, str], list[str]]:
    """The files of a case by path, and the lines of the section that says what is expected."""
    files: dict[str, str] = {}
    name = ""
    for line in path.read_text("utf-8").splitlines(keepends=True)[1:]:
        if line.startswith("=== "):
            name = line[4:].strip()
            files[name] = ""
        else:
            files[name] += line
    return files, [line for line in files.pop(expected).splitlines() if line]


def cases(folder: str) -> list[Path]:
    """The case files of a folder, in order of name."""
    return sorted((Path(__file__).parent / folder).glob("*.txt"))
