"""Changes of a contract, and whom they break."""

from __future__ import annotations

from msgspec import Struct

WIRE, SDK, NONE = "wire", "sdk", "none"
"""Who is broken: whoever sends what was sent before, only code that was generated, or nobody."""


class ContractChange(Struct, frozen=True, order=True):
    """One change: the operation, as `GET /path`, where in it, what is told of it, and whom it breaks."""

    operation: str
    where: str
    told: str
    breaks: str


class Compatibility(Struct, frozen=True):
    """All changes from one contract to another."""

    changes: tuple[ContractChange, ...]

    @property
    def wire(self) -> bool:
        """Whether every request that was answered is answered alike, as far as the documents say."""
        return not any(change.breaks == WIRE for change in self.changes)

    @property
    def sdk(self) -> bool:
        """Whether code generated from the old contract has, from the new one, the same names and types."""
        return not any(change.breaks in (WIRE, SDK) for change in self.changes)
