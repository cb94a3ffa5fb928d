"""A process that outlives its parent by a moment, to end what the parent has started and cannot end any more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress

GRACE = 2.0
"""Seconds that processes have to end by themselves."""


class Guardian:
    """Kills process groups once this process is gone, however it went: it reads a pipe that closes then."""

    def __init__(self) -> None:
        reading, self._writing = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, str(reading)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, pass_fds=(reading,), start_new_session=True,
        )  # fmt: skip
        os.close(reading)

    def watch(self, group: int) -> None:
        """Takes note of a process group that has begun."""
        os.write(self._writing, b"+%d\n" % group)

    def forget(self, group: int) -> None:
        """Takes note of one that is over: its number may come to mean another."""
        os.write(self._writing, b"-%d\n" % group)

    def dismiss(self) -> None:
        """Ends the guardian, and first whatever it still watches."""
        os.close(self._writing)
        self._process.wait()


def end_groups(groups: set[int], grace: float = GRACE, reap: Callable[[], object] = lambda: None) -> None:
    """Asks process groups to end, and kills those that have not within some seconds; `reap` buries the dead."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for group in groups:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(group, number)
        until = time.monotonic() + (grace if number == signal.SIGTERM else 0)
        while any(map(_is_there, groups)) and time.monotonic() < until:
            time.sleep(0.02)
            reap()


def _is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _guard(pipe: int) -> None:
    """Reads what begins and what is over until the other end is closed, then ends what is left."""
    groups: set[int] = set()
    with os.fdopen(pipe, "rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):
                (groups.add if line.startswith(b"+") else groups.discard)(int(line[1:]))
    end_groups(groups)


if __name__ == "__main__":
    _guard(int(sys.argv[1]))
