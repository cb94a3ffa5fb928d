"""How documents and blocks are printed: as JSON, Markdown, plain text in a pipe, or in colours on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

from decomposer.cli.guard import write_out
from decomposer.cli.printable import printable_block
from decomposer.cli.request import Request

if TYPE_CHECKING:
    from decomposer.report.blocks import Block


def print_document(request: Request, document: dict[str, Any], blocks: Callable[[dict[str, Any]], list[Block]]) -> None:
    """Prints a document as JSON, or as the blocks that it makes."""
    if request["format"] == "json":
        from decomposer.report.document import dump

        write_out(dump(document).encode("utf-8", "backslashreplace"))
    else:
        write_blocks(blocks(document), request)


def write_blocks(blocks: list[Block], request: Request) -> None:
    """Prints blocks."""
    text = rendered(blocks, request)
    if text is not None:
        write_out(text.encode("utf-8", "backslashreplace"))


def rendered(blocks: list[Block], request: Request) -> str | None:
    """The blocks as text; None where they were printed on a terminal."""
    blocks = [printable_block(block) for block in blocks]
    if request["format"] == "markdown":
        from decomposer.report.markdown import render_markdown

        return render_markdown(blocks)
    if sys.stdout.isatty():
        from decomposer.report.terminal import print_terminal

        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        print_terminal(blocks)
        return None
    from decomposer.report.plain import render_plain

    return render_plain(blocks)
