"""How a command ends that the world outside cuts short: with a line and an exit code, never a traceback."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def guarded(work: Callable[[], int]) -> int:
    """The exit code of some work, 130 when it is interrupted, 2 when the disk will not have it.

    A reader that went away (`decompose analyze | head`) is no error. A bug stays a traceback.
    """
    try:
        return work()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        _drop_output()
        return 0
    except OSError as error:
        print(f"{error.filename or 'output'}: error: {error.strerror or error} [system]", file=sys.stderr)
        _drop_output()
        return 2


def open_missing_streams() -> None:
    """Gives a process that was started without standard output or error somewhere to write to."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  as long as the process


def write_out(data: bytes) -> None:
    """Writes to standard output, and is told at once when that is not possible."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _drop_output() -> None:
    """Sends what is still to be written nowhere: Python would try again, and complain, when it ends."""
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
    except OSError:
        return
