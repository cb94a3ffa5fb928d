"""Requests that stay at the monolith's own port for now: whom they ask has no service yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from decomposer.calling.callers import Caller
from decomposer.calling.matching import Reach
from decomposer.model.problems import Problem


def waiting(callers: Iterable[Caller], serving: Collection[str]) -> Iterator[Problem]:
    """A warning for all requests past the gateway whose context has not left, at the first of them."""
    answered = [*serving, ""] if serving else []  # what is nobody's the monolith answers, whoever has left
    asking = [(caller, caller.operation.context) for caller in callers if caller.operation is not None
              and caller.answered.reach is Reach.DIRECT and caller.kind == "code"
              and caller.operation.context not in answered]  # fmt: skip
    if not asking:
        return
    first, contexts = asking[0][0], [name for name in dict.fromkeys(name for _, name in asking) if name]
    count, stays = (f"{len(asking)} requests go", "they stay as they are") if asking[1:] else \
        ("1 request goes", "it stays as it is")
    why = f"{', '.join(contexts)}, and no service answers for that yet" if serving else \
        "the monolith, and no context has a service yet"
    told = f"{count} past the gateway to {why}: {stays}"
    yield Problem(first.path, first.call.line, "no-service-yet", told,
                  f"decompose extract {(contexts or ['CONTEXT'])[0]}, then again", "warning")  # fmt: skip
