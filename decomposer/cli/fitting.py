"""The command that tells how services and files stand to their limits."""

from __future__ import annotations

import gc
from pathlib import Path

from decomposer.app import fitting
from decomposer.cli.printing import print_document
from decomposer.cli.progress import Bar
from decomposer.cli.request import Request, options, words


def limits(request: Request) -> int:
    """Prints what is over its limit and what brings it below: exit code 1 where the baseline does not know of it."""
    from decomposer.report.limits import limit_blocks

    gc.enable()
    baseline = Path(request["baseline"]) if "baseline" in request else None
    with Bar() as bar:
        document, is_broken = fitting.limits(options(request, bar), words(request, "contexts"), baseline)
    print_document(request, document, limit_blocks)
    return 1 if is_broken else 0
