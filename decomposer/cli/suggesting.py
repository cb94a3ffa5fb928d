"""The command that suggests another placement, and writes what is accepted of it."""

from __future__ import annotations

import gc

from decomposer.app import suggesting
from decomposer.cli.printing import print_document
from decomposer.cli.progress import Bar
from decomposer.cli.request import Request, options
from decomposer.cli.writing import write


def suggest(request: Request) -> int:
    """Prints the suggestions, or makes those that were accepted."""
    gc.enable()
    if "accept" in request:
        wanted = tuple(word.strip() for word in request["accept"].split(",") if word.strip())
        return write(request, f"suggest --accept {request['accept']}", lambda told: suggesting.accept(told, wanted))
    from decomposer.report.suggestions import suggestion_blocks

    with Bar() as bar:
        document = suggesting.suggest(options(request, bar))
    print_document(request, document, suggestion_blocks)
    return 0
