"""The command line: arguments to a use case to output to an exit code; decides nothing."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command line.

    What was printed for the same words and the same files is printed again. Where only the files have changed,
    the words need not be parsed again either: parsing them takes longer to import than most of the work.
    """
    from decomposer.cli.guard import guarded, open_missing_streams

    open_missing_streams()
    sys.exit(guarded(_run))


def _run() -> int:
    from time import perf_counter

    from decomposer.shell import replay
    from decomposer.shell.scan import has_unfinished

    started = perf_counter()
    kept = replay.recall(sys.argv[1:])
    if kept is None:
        from decomposer.cli.words import run

        return run()
    if kept.is_current():
        from decomposer.cli.guard import write_out

        if has_unfinished(kept.root):
            from pathlib import Path

            from decomposer.cli.unfinished import warn_of_unfinished

            warn_of_unfinished(Path(kept.root))
        write_out(kept.output(started))
        return kept.code
    from decomposer.cli.commands import run_request

    return run_request(kept.request, kept.scanned)
