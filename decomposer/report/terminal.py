"""Blocks on a terminal, with colour and the terminal's width."""

from __future__ import annotations

from collections.abc import Iterable

from decomposer.report.blocks import Block, Heading, Table, Text

_STYLES = {"good": "green", "warning": "yellow", "bad": "red", "": ""}
_WORDS = {"over limit": "red", "over target": "yellow", "ok": "green"}


def print_terminal(blocks: Iterable[Block]) -> None:
    """Prints to standard output."""
    import rich.box
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text as RichText

    console = Console(highlight=False)
    for block in blocks:
        match block:
            case Heading():
                console.print()
                console.print(RichText(block.text, style="bold"))
            case Text():
                console.print(RichText(block.text, style=_STYLES[block.style]))
            case Table():
                table = RichTable(box=rich.box.SIMPLE_HEAD, pad_edge=False)
                for column in block.columns:
                    table.add_column(column, justify="right" if column in block.right else "left", overflow="fold")
                for row in block.rows:
                    table.add_row(*(RichText(cell, style=_WORDS.get(cell, "")) for cell in row))
                console.print(table)
