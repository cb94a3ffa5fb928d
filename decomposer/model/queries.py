"""Queries as code makes them: what names an expression puts together, and the SQL that strings hold."""

from __future__ import annotations

from msgspec import Struct

HOLE = "\x01"
"""What stands in a text of SQL for what is only known when it runs."""


class Query(Struct, frozen=True):
    """One expression that asks or changes the database.

    `names` are the dotted names in it, each with the scope in which it is meant; `text` is the SQL of a string, with
    holes, "" where classes are queried. `is_told` says that the string is given to what runs SQL, so that it is SQL
    however it is written.
    """

    line: int
    scope: str
    names: tuple[str, ...] = ()
    text: str = ""
    is_told: bool = False
