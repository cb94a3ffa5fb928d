"""A disk that fails, and a process that dies, at the call one likes of those that change something."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from decomposer.shell.transaction import calls
from tests.shell.apply.trees import CALLS

KILL = 0


@dataclass
class Fault:
    """What happens at which call: nothing when `at` is 0, and calls are only counted.

    `error` is an errno, or KILL for the death of the process; `after` says that the call is made first, `lasting`
    that all calls fail from there on, `partly` that a write writes half of its bytes first.
    """

    at: int = 0
    error: int = KILL
    after: bool = False
    lasting: bool = False
    partly: bool = False
    calls: list[str] = field(default_factory=list, init=False)

    def meet(self, name: str, real: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Makes one call, or not."""
        self.calls.append(name)
        number = len(self.calls)
        hit = self.at and (number == self.at or (self.lasting and number > self.at))
        if not hit:
            return _real(name, real, arguments)
        if self.partly and name == "write":
            real(arguments[0], arguments[1][: len(arguments[1]) // 2])
        try:
            if self.after:
                done = _real(name, real, arguments)
                if name in ("make_file", "open_lock"):
                    os.close(done)
        finally:
            if self.error == KILL:
                os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(self.error, os.strerror(self.error))


@contextmanager
def failing(fault: Fault) -> Iterator[Fault]:
    """Lets every call that changes something meet a fault."""
    real = {name: getattr(calls, name) for name in CALLS}
    try:
        for name, function in real.items():
            setattr(calls, name, _meeting(fault, name, function))
        yield fault
    finally:
        for name, function in real.items():
            setattr(calls, name, function)


def dies(fault: Fault, work: Callable[[], object]) -> bool:
    """Whether a process of its own that does some work is killed by the fault."""
    child = os.fork()
    if child == 0:
        try:
            with failing(fault):
                work()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert signal.SIGKILL == os.WTERMSIG(status)
        return True
    assert 0 == os.WEXITSTATUS(status)
    return False


def _meeting(fault: Fault, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *arguments: fault.meet(name, real, arguments)


def _real(name: str, real: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """The call itself; nobody pulls the plug here, so that waiting for the disk can be left out."""
    return None if name == "flush" else real(*arguments)
