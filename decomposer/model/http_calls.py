"""Requests over HTTP as code makes them: what is written for an address, and what of it is only known when it runs."""

from __future__ import annotations

from msgspec import Struct


class Piece(Struct, frozen=True, order=True):
    """A part of an address: text, or a hole that has some name; `default` is what a setting is where nobody sets it."""

    text: str
    is_hole: bool = False
    default: str = ""


class Literal(Struct, frozen=True, order=True):
    """Where the text that begins an address stands: offsets in bytes of a literal with its quotes, -1 for nowhere."""

    start: int = -1
    end: int = -1


class HttpCall(Struct, frozen=True, order=True):
    """One request: its line, its method ("" for any), its address in pieces, and what makes it, as `httpx`.

    One that is `based` goes by a client that has the beginning of the address. One that is `handed_on` is no request
    but such a client that goes to others, so that nobody knows what is asked by it. `held` is where others find it: the
    class ("" for the module) and the name.
    """

    line: int
    method: str
    address: tuple[Piece, ...]
    via: str
    literal: Literal = Literal()
    based: bool = False
    handed_on: bool = False
    held: tuple[str, str] = ("", "")

    def shown(self) -> str:
        """The address for a person, holes in braces."""
        return "".join(f"{{{piece.text}}}" if piece.is_hole else piece.text for piece in self.address)


METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
"""Functions that libraries call after methods."""
