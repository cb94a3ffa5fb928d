"""Which binding a name means: Python's scopes, as far as imports need them."""

from __future__ import annotations


class Scopes:
    """The scopes of a module by number, 0 being the module's own; filled in the order of the source.

    Who uses a name is asked after everything has been bound, as Python does it.
    """

    def __init__(self) -> None:
        self._parents: list[int] = [-1]
        self._is_class: list[bool] = [False]
        self._bound: list[set[str]] = [set()]
        self._elsewhere: list[dict[str, bool]] = [{}]
        self._imports: list[dict[str, list[int]]] = [{}]

    def open(self, parent: int, is_class: bool = False) -> int:
        """The number of a new scope inside another."""
        self._parents.append(parent)
        self._is_class.append(is_class)
        self._bound.append(set())
        self._elsewhere.append({})
        self._imports.append({})
        return len(self._parents) - 1

    def bind(self, scope: int, name: str, statement: int | None = None) -> None:
        """Notes that a scope binds a name: by the import statement of that position, or otherwise."""
        self._bound[scope].add(name)
        if statement is not None:
            self._imports[scope].setdefault(name, []).append(statement)

    def elsewhere(self, scope: int, name: str, is_global: bool) -> None:
        """Notes a `global` or `nonlocal` statement."""
        self._elsewhere[scope][name] = is_global

    def binder(self, scope: int, name: str) -> int:
        """The scope that binds what a name means where it is used in a scope; -1 when none does."""
        at, first = scope, True
        while at >= 0:
            if name in self._elsewhere[at]:
                if self._elsewhere[at][name]:
                    return 0
            elif name in self._bound[at] and (first or not self._is_class[at]):
                return at
            at, first = self._parents[at], False
        return -1

    def home(self, scope: int, name: str) -> int:
        """The scope in which a statement in `scope` binds a name: another one after `global` or `nonlocal`."""
        if name not in self._elsewhere[scope]:
            return scope
        return 0 if self._elsewhere[scope][name] else self.binder(self._parents[scope], name)

    def imports(self, scope: int, name: str) -> tuple[int, ...]:
        """The positions of the import statements that bind a name in a scope."""
        return tuple(self._imports[scope].get(name, ())) if scope >= 0 else ()

    def table(self) -> tuple[tuple[int, frozenset[str]], ...]:
        """Of each scope the number of the one around it and the names that it binds."""
        return tuple((parent, frozenset(bound)) for parent, bound in zip(self._parents, self._bound, strict=True))
