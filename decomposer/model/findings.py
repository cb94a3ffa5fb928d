"""What a check found, with a name that it keeps when the file goes elsewhere."""

from __future__ import annotations

from msgspec import Struct

from decomposer.model.problems import Problem


class Finding(Struct, frozen=True, order=True):
    """A problem that a check found.

    `subject` says what it is about, so that it is known again: a context's name, or a dotted module with, after a
    colon, what in it. `size` is how much of it there is, in lines where it is a matter of lines. `is_known` says that
    it is in the baseline, and no larger than there.
    """

    check: str
    problem: Problem
    subject: str
    size: int = 1
    is_known: bool = False

    @property
    def fails(self) -> bool:
        """Whether it lets the command fail: an error that is not known."""
        return self.problem.severity == "error" and not self.is_known
