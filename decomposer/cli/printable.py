"""Text that a terminal shows and does not obey: file names may hold anything."""

from __future__ import annotations

from decomposer.report.blocks import Block, Heading, Table, Text

_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}


def printable(told: str) -> str:
    """The same text with each control character written as `\\x1b`."""
    return told if told.isprintable() else told.translate(_CONTROLS)


def printable_block(block: Block) -> Block:
    """A block of a report with printable texts."""
    match block:
        case Heading():
            return Heading(printable(block.text))
        case Text():
            return Text(printable(block.text), block.style)
        case Table():
            rows = tuple(tuple(printable(cell) for cell in row) for row in block.rows)
            return Table(tuple(map(printable, block.columns)), rows, block.right)
