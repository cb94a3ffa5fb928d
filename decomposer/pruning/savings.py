"""What there is to save: for whoever adds up how a service gets below its limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from decomposer.model.dead_code import SURE, Finding


class Saving(Struct, frozen=True):
    """The lines that go with something dead, how sure that is, and the context that has them ("" for none)."""

    subject: str
    module: str
    context: str
    lines: int
    degree: str


def savings(findings: Iterable[Finding], context: Callable[[str], str]) -> list[Saving]:
    """What is called dead, the surest first; `context` gives the owner of a path."""
    return [Saving(f.subject(), f.module, context(f.path), f.lines, f.degree) for f in findings if f.degree in SURE]
