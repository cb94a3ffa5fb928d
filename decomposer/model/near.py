"""What may have been meant by a name that there is not: one measure for all that are asked for by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from decomposer.model.problems import Problem

_ALIKE = 0.6
"""How much of two names is the same where one may be the other misspelt (`difflib.SequenceMatcher.ratio`)."""


def near(name: str, known: Iterable[str], most: int = 1, alike: float = _ALIKE) -> list[str]:
    """The names most like one that there is not, the most like it first; [] where none is so much like it."""
    import difflib  # which takes a while to load, and is only needed where something is wrong

    spelt = {one.lower(): one for one in reversed([*known])}
    return [spelt[one] for one in difflib.get_close_matches(name.lower(), [*spelt], most, alike)]


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "", mark: str = "`", most: int = 1) -> str:
    """The hint that names what may have been meant, or another hint where nothing is like it."""
    found = near(name, known, most)
    return f"did you mean {', '.join(f'{mark}{one}{mark}' for one in found)}?" if found else otherwise


def known_names(name: str, known: Sequence[str], what: str) -> str:
    """The hint that names what may have been meant, if anything is like it, and all that there is, after `what`."""
    return " ".join(filter(None, [did_you_mean(name, known), f"{what}: {', '.join(known) or 'none'}"]))


def no_context(name: str, known: Sequence[str]) -> Problem:
    """The error that no rule file defines a context, with the one that may be meant and those that there are."""
    return Problem(name, 0, "no-context", f"no rule file defines the context `{name}`",
                   known_names(name, known, "known contexts"))  # fmt: skip
