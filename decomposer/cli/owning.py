"""The command that tells who owns each table, and what crosses."""

from __future__ import annotations

import gc

from decomposer.app import owning
from decomposer.cli.printing import print_document
from decomposer.cli.progress import Bar
from decomposer.cli.request import Request, options, words
from decomposer.cli.telling import tell_problems


def data(request: Request) -> int:
    """Prints the tables and what ties them: exit code 1 where one has two owners, or none."""
    from decomposer.report.owning import data_blocks

    gc.enable()
    with Bar() as bar:
        document, problems = owning.data(options(request, bar), words(request, "contexts"))
    print_document(request, document, data_blocks)
    tell_problems(problems)
    return 1 if any(problem.severity == "error" for problem in problems) else 0
