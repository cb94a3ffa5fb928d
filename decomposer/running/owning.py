"""Who is to answer a request: the first route that matches its path, as Starlette tries them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from decomposer.scaffold.system import Operation

_PARAMETER = re.compile(r"\{(\w+)(?::(\w+))?\}")
_FORMS = {"int": "[0-9]+", "float": r"[0-9]+(?:\.[0-9]+)?", "path": ".*",
          "uuid": "[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}"}  # fmt: skip


class Owners:
    """The owner of each path and method, by the operations in the order in which they are tried.

    What belongs to a context that is not among those `left` is the monolith's still, or that of `rest`, which has what
    is nobody's once the monolith has ended.
    """

    def __init__(self, operations: Iterable[Operation], left: Collection[str], rest: str = "") -> None:
        self._left, self._rest = left, rest
        ordered = sorted(operations, key=lambda operation: operation.order)
        self._routes = [(_expression(o), o) for o in ordered if o.method != "WEBSOCKET"]

    def of(self, method: str, path: str) -> str:
        """The context that owns a decoded path, "" for what the monolith answers by itself or nobody does.

        Where no route takes the method, the first that has the path refuses it.
        """
        matching = [operation for expression, operation in self._routes if expression.match(path)]
        for operation in matching:
            if operation.method in (method, "MOUNT"):
                return self._owner(operation)
        return self._owner(matching[0]) if matching else self._rest

    def _owner(self, operation: Operation) -> str:
        return operation.context if operation.context in self._left else self._rest


def _expression(operation: Operation) -> re.Pattern[str]:
    text, at = "", 0
    for match in _PARAMETER.finditer(operation.path):
        text += re.escape(operation.path[at:match.start()]) + f"(?:{_FORMS.get(match[2] or '', '[^/]+')})"
        at = match.end()
    text += re.escape(operation.path[at:])
    return re.compile(f"{text}(?:/.*)?$" if operation.method == "MOUNT" else f"{text}$", re.DOTALL)
