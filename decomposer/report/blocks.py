"""A report as headings, paragraphs and tables, before anyone decides how to print them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A title."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `style` is "", "good", "warning" or "bad"."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below column names; columns named in `right` hold figures."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[str, ...] = ()


Block = Heading | Text | Table
