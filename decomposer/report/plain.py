"""Blocks as aligned text without colour, for pipes and files."""

from __future__ import annotations

from collections.abc import Iterable

from decomposer.report.blocks import Block, Heading, Table, Text


def render_plain(blocks: Iterable[Block]) -> str:
    """The text, ending with a line end."""
    return "\n".join(line.rstrip() for block in blocks for line in _lines(block)).strip("\n") + "\n"


def _lines(block: Block) -> list[str]:
    match block:
        case Heading():
            return ["", block.text, "-" * len(block.text)]
        case Text():
            return block.text.split("\n")
        case Table():
            widths = [max(len(row[i]) for row in (block.columns, *block.rows)) for i in range(len(block.columns))]
            right = [column in block.right for column in block.columns]
            return [
                "  ".join(
                    cell.rjust(width) if numeric else cell.ljust(width)
                    for cell, width, numeric in zip(row, widths, right, strict=True)
                )
                for row in (block.columns, *block.rows)
            ]
