"""The command that ends the monolith step by step, or tells how its end stands."""

from __future__ import annotations

from decomposer.app import finishing
from decomposer.cli.printing import print_document
from decomposer.cli.progress import Bar
from decomposer.cli.request import Request, options
from decomposer.cli.writing import write


def finish(request: Request) -> int:
    """Makes the step named, or prints how each stands."""
    if "step" in request:
        step = request["step"]
        return write(request, f"finish {step}", lambda told: finishing.finish(told, step, request.get("sunset", "")))
    from decomposer.report.finishing import finish_blocks

    with Bar() as bar:
        document = finishing.steps(options(request, bar))
    print_document(request, document, finish_blocks)
    return 0
