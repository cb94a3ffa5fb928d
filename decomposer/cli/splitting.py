"""The command that splits a long module, or prints how it would."""

from __future__ import annotations

from decomposer.app import splitting
from decomposer.cli.printing import print_document
from decomposer.cli.progress import Bar
from decomposer.cli.request import Request, options
from decomposer.cli.writing import write


def split(request: Request) -> int:
    """Prints the proposal, or carries it out."""
    module, into = request["module"], int(request["into"]) if "into" in request else None
    classes = "classes" in request
    if "plan" not in request:
        follow = "keep_imports" not in request
        return write(request, f"split {module}", lambda told: splitting.split(told, module, into, follow, classes))
    from decomposer.report.splitting import split_blocks

    with Bar() as bar:
        document = splitting.proposed(options(request, bar), module, into, classes)
    print_document(request, document, split_blocks)
    return 0
