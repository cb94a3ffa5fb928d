"""The command that tells who calls the API, and leads callers elsewhere."""

from __future__ import annotations

from decomposer.app import calling
from decomposer.cli.printing import print_document
from decomposer.cli.progress import Bar
from decomposer.cli.request import Request, options
from decomposer.cli.telling import tell_problems
from decomposer.cli.writing import write


def clients(request: Request) -> int:
    """Prints who calls, or changes those who go past the gateway."""
    if "rewrite" in request:
        return write(request, "clients --rewrite", calling.rewrite)
    from decomposer.report.callers import caller_blocks

    with Bar() as bar:
        document, problems = calling.clients(options(request, bar))
    print_document(request, document, caller_blocks)
    tell_problems(problems)
    return 0
