"""A report as headings, paragraphs and tables, before anyone decides how to print them."""

from __future__ import annotations

from msgspec import Struct


class Heading(Struct, frozen=True):
    """A title."""

    text: str


class Text(Struct, frozen=True):
    """A paragraph; `style` is "", "good", "warning" or "bad"."""

    text: str
    style: str = ""


class Table(Struct, frozen=True):
    """Rows below column names; columns named in `right` hold figures."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[str, ...] = ()


Block = Heading | Text | Table
