"""What was checked of an extraction, and what came of it."""

from __future__ import annotations

from msgspec import Struct

HOLDS, FAILS, NOT_CHECKED = "holds", "fails", "not-checked"


class Check(Struct, frozen=True):
    """One claim with what came of it: "holds", "fails" or "not-checked", and lines of evidence."""

    name: str
    claim: str
    state: str
    evidence: tuple[str, ...] = ()


class Certificate(Struct, frozen=True):
    """All checks of one context, of the core, or of the monolith alone.

    `folders` are what it speaks of, `digest` is theirs: a certificate is current as long as they have it.
    """

    subject: str
    made: str
    python: str
    checks: tuple[Check, ...]
    folders: tuple[str, ...] = ()
    digest: str = ""

    def holds(self) -> bool:
        """Whether nothing that was checked fails."""
        return all(check.state != FAILS for check in self.checks)


def checked(name: str, claim: str, trouble: list[str], evidence: list[str] | None = None) -> Check:
    """A check that holds when there is no trouble to tell; evidence is told either way, after the trouble."""
    return Check(name, claim, FAILS if trouble else HOLDS, (*trouble, *(evidence or [])))
