"""The user's trouble as a value, and the one error for when the tool cannot go on."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct


class Problem(Struct, frozen=True, order=True):
    """One thing a person should know: a stable code, the place, what happened and what to do.

    `severity` is "error" (the command ends with exit code 1) or "warning" (it does not).
    """

    path: str
    line: int
    code: str
    message: str
    hint: str = ""
    severity: str = "error"

    def place(self) -> str:
        """`path:line`, or only the path where no line is known."""
        return f"{self.path}:{self.line}" if self.line else self.path

    def render(self) -> str:
        """One line for a person: place, severity, code, message, hint."""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.place()}: {self.severity}: {self.message} [{self.code}]{hint}"


class DecomposerError(Exception):
    """The command cannot go on; carries every reason found in one run, not only the first."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(sorted(problems))
        super().__init__("\n".join(problem.render() for problem in self.problems))
