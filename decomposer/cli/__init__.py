"""The command line: arguments to a use case to output to an exit code; decides nothing."""

from decomposer.cli.main import main

__all__ = ["main"]
