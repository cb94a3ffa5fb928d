"""What came of asking the monolith and its services the same."""

from __future__ import annotations

from msgspec import Struct


class Difference(Struct, frozen=True):
    """One thing that an answer through nginx has otherwise than the monolith's.

    `number` is the request's in its order, from 1, `operation` its method and path as in OpenAPI, `path` the one asked
    for. `place` is "status", "header NAME", "body" with a JSON pointer, or "answered by"; `before` and `after` are the
    two values, shortened, `statuses` the two status codes, 0 for none. `request` is a command that asks again.
    """

    context: str
    number: int
    operation: str
    path: str
    place: str
    before: str
    after: str
    statuses: tuple[int, int]
    request: str


class OfContext(Struct, frozen=True):
    """The figures of a context, "" for what stays in the monolith.

    `requests` are `equal`, `different`, or `unstable`: the monolith itself does not answer them twice with one status.
    `masked` counts values that differ between two runs of the monolith. Of its `operations`, `reached` got an answer
    of 2xx on both sides.
    """

    context: str
    operations: int = 0
    reached: int = 0
    requests: int = 0
    equal: int = 0
    different: int = 0
    unstable: int = 0
    masked: int = 0


class Smoke(Struct, frozen=True):
    """A comparison of the monolith with its services behind nginx.

    `linked` counts requests that were made with ids from earlier answers, `notes` tell what was not compared and why.
    """

    seed: int
    contexts: tuple[OfContext, ...]
    differences: tuple[Difference, ...]
    linked: int = 0
    notes: tuple[str, ...] = ()

    def holds(self) -> bool:
        """Whether everything that was compared is equal, and anything was."""
        return not self.differences and any(context.equal for context in self.contexts)
