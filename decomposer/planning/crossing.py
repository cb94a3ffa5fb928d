"""What a context calls of another's modules, symbol by symbol, and whether each can be called in another process."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from decomposer.model.crossing import Call, Caught, Crossing
from decomposer.model.signatures import Class, Function, Signatures
from decomposer.planning.codebase import Codebase
from decomposer.planning.contents import Contents, Reason
from decomposer.planning.defaults import default_trouble
from decomposer.planning.plain_types import OF_CONTRACTS, SESSION, TAKEN, Obstacle, Types
from decomposer.planning.used_names import Sources, Used, used_names

_NOT_ASKED = frozenset({"__init__", "__new__", "__call__", "__repr__", "__str__", "__format__", "__del__",
                        "__post_init__", "__init_subclass__", "__class_getitem__"})  # fmt: skip
_EMPTY = frozenset({"", "object", "ABC", "Generic", "Protocol"})
_HANDED = frozenset({"contextmanager", "asynccontextmanager", "property", "cached_property", "fixture", "overload"})


class Crossings:
    """Judges what contexts use of modules of others; `has_session` says that the owner is to open sessions itself."""

    def __init__(self, code: Codebase, sources: Sources, in_core: Callable[[str], bool]) -> None:
        self.code, self.sources = code, sources
        self.types = Types(code, sources.signatures, in_core)

    def call(self, found: Contents, module: str, reason: Reason, has_session: bool = False) -> Call:
        """All that a service, by its contents, uses of a module of another context."""
        judging = _Judging(self, found, module, has_session)
        symbols = tuple(sorted(set(judging.symbols()), key=lambda one: (one.line, one.name)))
        caught = tuple(sorted(set(judging.caught())))
        return Call(found.context, module, self.code.owner(module), reason.by, reason.line, symbols, caught)


class _Judging:
    def __init__(self, crossings: Crossings, found: Contents, module: str, has_session: bool) -> None:
        self.code, self.types, self.sources = crossings.code, crossings.types, crossings.sources
        self.found, self.module, self.has_session = found, module, has_session
        self.path = self.code.path(module)

    def symbols(self) -> Iterator[Crossing]:
        known = self.sources.signatures(self.module)
        if known is None:
            yield Crossing(self.module, "module", self.path, 0, "it cannot be read", "mend it first")
            return
        for used in used_names(self.code, self.found, self.module):
            if isinstance(used, Used) and used.name in TAKEN:
                yield Crossing(used.name, "value", self.path, 0, OF_CONTRACTS, "give it another name")
            else:
                yield from [used] if isinstance(used, Crossing) else self._symbol(known, used)

    def caught(self) -> Iterator[Caught]:
        """What the context's modules catch around their calls."""
        spelled: dict[str, set[str]] = {}
        for used in used_names(self.code, self.found, self.module):
            for user, written in used.spelled if isinstance(used, Used) else ():
                spelled.setdefault(user, set()).add(written)
        for user, names in spelled.items():
            path = self.code.path(user)
            yield from (Caught(path, line, user, written) for written, line in self.sources.caught(user, names))

    def _symbol(self, known: Signatures, used: Used) -> Iterator[Crossing]:
        name = used.name
        if name in known.classes:
            yield from self._class(known, used, known.classes[name])
        elif name in known.functions:
            yield from self._called(used)
            yield self._function(known.functions[name], "function")
        elif name in known.instances:
            yield from self._instance(known, used)
        elif name in known.constants:
            reason = "" if name.lstrip("_").isupper() else "it is a variable of the owner's process"
            yield Crossing(name, "constant", self.path, 0, reason, "give it a function that returns it" if reason else
                           "")  # fmt: skip
        elif name in known.aliases and self.types.obstacle(self.module, known.aliases[name]) is None:
            yield Crossing(name, "type", self.path, 0)
        else:
            place = self.code.path(used.by), used.line
            yield Crossing(name, "value", *place, "it is a value of the owner's process", "call a function for it")

    def _called(self, used: Used) -> Iterator[Crossing]:
        """Where a function is asked for an attribute, as a task is for `delay`."""
        for user, spelled in used.spelled:
            asked = self.sources.asked(user, spelled, False)
            if asked.attributes - {"__call__"}:
                names = ", ".join(f"`{name}`" for name in sorted(asked.attributes - {"__call__"}))
                yield Crossing(used.name, "function", self.code.path(user), used.line, f"it is asked for {names}, "
                               "which a client has not", "call it plainly")  # fmt: skip

    def _asked(self, used: Used, makes: bool) -> tuple[set[str], bool, list[Crossing]]:
        """The attributes that are asked of a class's instances, whether that may be too many, and what else is done."""
        attributes: set[str] = set()
        told: list[Crossing] = []
        escapes = False
        for user, spelled in used.spelled:
            asked = self.sources.asked(user, spelled, makes)
            attributes |= asked.attributes
            escapes = escapes or bool(asked.escapes)
            if asked.special:
                told.append(Crossing(used.name, "class", self.code.path(user), asked.line, f"it {asked.special}",
                                     "leave it to the owner"))  # fmt: skip
        if escapes:  # it may be asked for anything wherever it is given to
            attributes.add("__call__")
            for user in (*self.found.own, *self.found.copies):
                attributes |= {name for name in self.sources.attributes(user) if not name.startswith("_")}
        return attributes, escapes, told

    def _class(self, known: Signatures, used: Used, found: Class) -> Iterator[Crossing]:
        if self.types.is_exception(self.module, found):
            yield Crossing(used.name, "exception", self.path, found.line)
            return
        if self.types.is_table(self.module, found):
            yield Crossing(used.name, "table", self.path, found.line, "it is a table: its rows are read in a session",
                           f"share {self.module}")  # fmt: skip
            return
        if self.types.is_record(self.module, found):
            trouble = self.types.own(self.module, found.name, self.module, frozenset())
            yield self._told(used.name, "type", found.line, trouble)
            return
        attributes, is_guess, told = self._asked(used, True)
        yield from told
        made = known.functions.get(f"{found.name}.__init__")
        if made is not None:
            yield self._function(made, "class", found.line)
        elif found.bases:
            yield Crossing(used.name, "class", self.path, found.line, "what it is made with stands in a base of it",
                           "give it an `__init__`")  # fmt: skip
        else:
            yield Crossing(used.name, "class", self.path, found.line)
        yield from self._state(known, found)
        yield from self._methods(known, used.name, found, attributes, is_guess)

    def _state(self, known: Signatures, found: Class) -> Iterator[Crossing]:
        """Where instances remember anything between two calls, which are made to two of them."""
        for method in found.methods:
            function = known.functions[f"{found.name}.{method}"]
            for attribute, line in function.state if method != "__init__" else ():
                if attribute not in dict(found.kept):
                    yield Crossing(f"{found.name}.{method}", "method", self.path, line, f"it remembers `{attribute}` "
                                   "in the instance between calls", "make one instance at the module's top level, and "
                                   "use that")  # fmt: skip
                    return

    def _instance(self, known: Signatures, used: Used) -> Iterator[Crossing]:
        """A value that the owner's module makes at its top level: its methods are called there."""
        name, where = self.types.meaning(self.module, known.instances[used.name])
        defining = self.sources.signatures(where) if where == self.module else None
        found = defining.classes.get(name.rpartition(".")[2]) if defining is not None else None
        if found is None:
            place = self.code.path(used.by), used.line
            yield Crossing(used.name, "instance", *place, f"it is made by `{known.instances[used.name]}`, which is no "
                           "class of that module", "call a function for what it does")  # fmt: skip
            return
        attributes, is_guess, told = self._asked(used, False)
        yield from told
        yield Crossing(used.name, "instance", self.path, found.line)
        yield from self._methods(known, used.name, found, attributes, is_guess)

    def _methods(
        self, known: Signatures, name: str, found: Class, attributes: set[str], is_guess: bool
    ) -> Iterator[Crossing]:  # fmt: skip
        if is_guess:
            yield from self._given_on(name, found)
        for attribute in sorted(attributes):
            function = known.functions.get(f"{found.name}.{attribute}")
            if function is not None:
                told = self._function(function, "method")
                yield Crossing(f"{name}.{attribute}", "method", told.path, told.line, told.reason, told.change)
            elif not is_guess and (attribute == "__call__" or not attribute.startswith("__")):
                yield Crossing(f"{name}.{attribute}", "method", self.path, found.line,
                               f"`{attribute}` is no method that its class defines", "make it one")  # fmt: skip

    def _given_on(self, name: str, found: Class) -> Iterator[Crossing]:
        """Where an object is given on, and may be asked for what no client has: what Python itself asks, and bases."""
        for method in found.methods:
            if method.startswith("__") and method.endswith("__") and method not in _NOT_ASKED:
                yield Crossing(f"{name}.{method}", "method", self.path, found.line, f"it is used otherwise than by its "
                               f"methods, and has `{method}`", "call its methods by their names")  # fmt: skip
        base = next((base for base in found.bases if base.rpartition(".")[2] not in _EMPTY), "")
        if base:
            yield Crossing(name, "class", self.path, found.line, f"it is given on, and what its base `{base}` has is "
                           "not called over HTTP", "call its methods where it is made")  # fmt: skip

    def _function(self, function: Function, kind: str, line: int = 0) -> Crossing:
        """Whether a function can be called in another process."""
        known = self.sources.signatures(self.module)
        assert known is not None  # it has the function
        name = function.name.removesuffix(".__init__")
        line = line or function.line
        handed = next((d for d in function.decorators if d.rpartition(".")[2] in _HANDED), "")
        if handed:
            return Crossing(name, kind, self.path, line, f"`@{handed}` makes it something else than a function",
                            "add a plain function that does it")  # fmt: skip
        if function.yields:
            return Crossing(name, kind, self.path, function.yields, "it is a generator, which goes on while it is read",
                            "return a list")  # fmt: skip
        is_static = "staticmethod" in function.decorators
        for parameter in function.parameters[0 if "." not in function.name or is_static else 1 :]:
            trouble = self.types.obstacle(self.module, parameter.type)
            if parameter.name in TAKEN:
                return Crossing(name, kind, self.path, line, f"its parameter `{parameter.name}`: {OF_CONTRACTS}",
                                "give it another name")  # fmt: skip
            if trouble is not None and not (self.has_session and trouble.reason == SESSION):
                return self._told(name, kind, line, trouble, f"its parameter `{parameter.name}`: ")
            told = default_trouble(self.code, self.module, known, function, parameter, self.types.in_core)
            if trouble is None and told:
                return Crossing(name, kind, self.path, line, f"its parameter `{parameter.name}`: {told}",
                                "give it a plain default")  # fmt: skip
        for changed, at in function.changes:
            given = next(p for p in function.parameters if p.name == changed)
            if not (self.has_session and (t := self.types.obstacle(self.module, given.type)) and t.reason == SESSION):
                return Crossing(name, kind, self.path, at, f"it changes its argument `{changed}`, which the caller "
                                "would not see", "return what it changes")  # fmt: skip
        return self._told(name, kind, line, self.types.obstacle(self.module, function.returns), "what it returns: ")

    def _told(self, name: str, kind: str, line: int, trouble: Obstacle | None, what: str = "") -> Crossing:
        if trouble is None:
            return Crossing(name, kind, self.path, line)
        return Crossing(name, kind, self.path, line, f"{what}{trouble.reason}", trouble.change)
