"""Blocks as Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from decomposer.report.blocks import Block, Heading, Table, Text


def render_markdown(blocks: Iterable[Block]) -> str:
    """The document, ending with a line end."""
    return "\n".join(line for block in blocks for line in [*_lines(block), ""]).strip("\n") + "\n"


def _lines(block: Block) -> list[str]:
    match block:
        case Heading():
            return [f"## {block.text}"]
        case Text():
            return [line + "  " for line in block.text.split("\n")]
        case Table():
            rule = ["---:" if column in block.right else "---" for column in block.columns]
            return [_row(block.columns), _row(tuple(rule)), *(_row(row) for row in block.rows)]


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
