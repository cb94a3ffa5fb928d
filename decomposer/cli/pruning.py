"""The command that lists dead code and takes it out."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from decomposer.app import pruning
from decomposer.cli.printing import print_document
from decomposer.cli.progress import Bar
from decomposer.cli.request import Request, options, words
from decomposer.cli.writing import write

if TYPE_CHECKING:
    from decomposer.app import Options
    from decomposer.changeset import Planned


def prune(request: Request) -> int:
    """Prints the findings; or shows the patch that takes some out, or makes it as it was shown."""
    subjects, degree = words(request, "subjects"), request.get("degree", "")
    if not subjects and not degree:
        from decomposer.report.dead_code import dead_code_blocks

        with Bar() as bar:
            document = pruning.dead(options(request, bar))
        print_document(request, document, dead_code_blocks)
        return 0

    asked = (*subjects, f"--degree={degree}", *(["--tests"] if "tests" in request else []))
    hint = f"{_words(request)} --dry-run"

    def plan(told: Options) -> Planned:
        if "dry_run" not in request and (refused := pruning.refusal(told, subjects, asked, hint)) is not None:
            return refused
        planned = pruning.prune(told, subjects, degree, "tests" in request)
        if "dry_run" in request:
            pruning.remember_shown(told, planned, asked)
            return planned
        return pruning.only_if_shown(told, planned, hint)

    title = " ".join(["prune", *(["--degree", degree] if degree else []), *subjects[:3]])
    return write(request, title + (f" and {len(subjects) - 3} more" if len(subjects) > 3 else ""), plan)


def _words(request: Request) -> str:
    """The words that were given, for a person to say again."""
    given = ["decompose", "prune", *words(request, "subjects")]
    for name in ("degree", "repo", "config", "rules"):
        given += [f"--{name}", request[name]] if name in request else []
    return shlex.join([*given, *(["--tests"] if "tests" in request else [])])
