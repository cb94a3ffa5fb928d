"""The command that compares contracts."""

from __future__ import annotations

from pathlib import Path

from decomposer.app import contracts
from decomposer.cli.printing import print_document
from decomposer.cli.request import Request


def contract(request: Request) -> int:
    """Prints the changes: exit code 1 where one breaks clients on the wire, or generated code where that is asked."""
    from decomposer.report.compatibility import compatibility_blocks, compatibility_document

    found = contracts.diff(Path(request["before"]), Path(request["after"]))
    print_document(request, compatibility_document(found), compatibility_blocks)
    return 0 if found.sdk or ("sdk" not in request and found.wire) else 1
