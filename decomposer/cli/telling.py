"""Lines for a person: what came of a command on standard output, what to know about it on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from decomposer.cli.guard import write_out
from decomposer.cli.printable import printable

if TYPE_CHECKING:
    from decomposer.model.problems import Problem


def tell(lines: Iterable[str]) -> None:
    """Prints lines on standard output, in UTF-8 wherever it goes."""
    write_out("".join(f"{printable(line)}\n" for line in lines).encode("utf-8", "backslashreplace"))


def tell_problems(problems: Iterable[Problem]) -> None:
    """Prints problems on standard error, one a line."""
    note(problem.render() for problem in problems)


def note(lines: Iterable[str]) -> None:
    """Prints lines on standard error."""
    for line in lines:
        print(printable(line), file=sys.stderr)
