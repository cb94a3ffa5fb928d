"""Cases read from text files, and laid down as programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
CASES = HERE / "cases"
JUDGE = HERE / "judge"
"""What every check may import: where the module is now, and stubs of servers and task queues."""

FULL, ISOLATED = VARIANTS = ("full", "isolated")
MOVE = ("app.billing.wallet", "app.finance.wallet")
OUTSIDE = ("check.py", "before.py")
"""Sections that judge the program: they are laid down beside it, so that no tool can rewrite them."""

HEADERS = ("move", "source", "base", "variants", "needs", "needs-alias")
SECTION = re.compile(r"^=== (?:(full|isolated): )?(\S+)\n", re.MULTILINE)


class BrokenCase(Exception):
    """A case that cannot be read, or does not pass before anything has moved."""


@dataclass(frozen=True, slots=True)
class Section:
    """One file of a program; of one variant if it names one."""

    variant: str | None
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of reference, in a program; `source` is the folder that is on the path."""

    name: str
    about: str
    old: str
    new: str
    source: str
    base: bool
    variants: tuple[str, ...]
    needs: tuple[str, ...]
    needs_alias: bool
    sections: tuple[Section, ...]

    @property
    def group(self) -> str:
        """The folder that the case's file is in."""
        return self.name.partition("/")[0]

    def files(self, variant: str) -> dict[str, str]:
        """The text of each file by path: the base, then what the case adds or replaces."""
        prefix = "" if self.source == "." else f"{self.source}/"
        base = ((prefix + section.path, section) for section in read_base() if self.base)
        own = ((section.path, section) for section in self.sections)
        return {
            path: section.text for path, section in (*base, *own) if section.variant in (None, variant)
        }  # a later section replaces an earlier one


@cache
def read_base() -> tuple[Section, ...]:
    """The files that nearly every program starts from."""
    return tuple(read_sections((HERE / "base.txt").read_text()))


def read_sections(text: str) -> Iterator[Section]:
    """What follows each `=== path` line; blank lines at a section's end are for the reader only."""
    _, *parts = SECTION.split(text)
    for variant, path, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        yield Section(variant, path, body.rstrip("\n") + "\n" if body.strip("\n") else "")


def read_case(path: Path) -> Case:
    """The case in a file.

    Raises BrokenCase for a header that nobody knows, a case that says nothing about itself or checks nothing.
    """
    name = path.relative_to(CASES).with_suffix("").as_posix()
    text = path.read_text()
    first, *head = SECTION.split(text, maxsplit=1)[0].strip().splitlines() or [""]
    headers = dict(line.split(": ", 1) for line in head if ": " in line)
    if unknown := set(headers) - set(HEADERS) or {line for line in head if ": " not in line}:
        raise BrokenCase(f"{name}: no such header: {', '.join(sorted(unknown))}")
    if not first.startswith("# "):
        raise BrokenCase(f"{name}: the first line is a comment that says the behaviour")
    old, new = headers["move"].split() if "move" in headers else MOVE
    sections = tuple(read_sections(text))
    if "check.py" not in {section.path for section in sections}:
        raise BrokenCase(f"{name}: there is no check.py")
    return Case(
        name=name,
        about=first.removeprefix("# "),
        old=old,
        new=new,
        source=headers.get("source", "."),
        base=headers.get("base", "yes") == "yes",
        variants=tuple(headers.get("variants", " ".join(VARIANTS)).split()),
        needs=tuple(headers.get("needs", "").split()),
        needs_alias=headers.get("needs-alias", "no") == "yes",
        sections=sections,
    )


def read_cases() -> list[Case]:
    """Every case, by name."""
    return [read_case(path) for path in sorted(CASES.rglob("*.txt"))]


def lay_down(case: Case, variant: str, project: Path, judge: Path) -> None:
    """Writes the program into one folder and what judges it into the other."""
    for path, text in case.files(variant).items():
        full = (judge if path in OUTSIDE else project) / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(text)
    judge.mkdir(exist_ok=True)
