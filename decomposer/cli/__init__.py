"""The command line: arguments to a use case to output to an exit code; decides nothing."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command line, or prints again what the same command printed for the same files."""
    from time import perf_counter

    from decomposer.shell.replay import replay

    code = replay(sys.argv[1:], perf_counter())
    if code is None:
        from decomposer.cli.main import run

        run()
    else:
        sys.exit(code)
