"""Whether values of a type can be written down and read again in another process."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from functools import partial

from msgspec import Struct

from decomposer.model.signatures import Class, Signatures, Type
from decomposer.planning.codebase import Codebase
from decomposer.planning.written_alike import is_mixed, is_packed

PLAIN = frozenset({
    "int", "float", "str", "bool", "bytes", "None", "datetime.datetime", "datetime.date", "datetime.time",
    "datetime.timedelta", "decimal.Decimal", "uuid.UUID", "pathlib.Path", "pathlib.PurePath", "pathlib.PurePosixPath",
    "typing.Any", "object", "typing.Literal", "typing_extensions.Literal", "types.NoneType", "pydantic.EmailStr",
    "pydantic.HttpUrl", "pydantic.AnyUrl", "pydantic.AnyHttpUrl", "pydantic.PositiveInt", "pydantic.NonNegativeInt",
    "pydantic.PositiveFloat", "pydantic.NonNegativeFloat", "typing.LiteralString",
})  # fmt: skip
"""Types whose values cross as they are; those of `Any` are looked at one by one when they cross."""
CONTAINERS = frozenset({
    "list", "dict", "set", "frozenset", "tuple", "typing.List", "typing.Dict", "typing.Set", "typing.FrozenSet",
    "typing.Tuple", "typing.Optional", "typing.Union", "typing.Annotated", "typing.Sequence", "typing.Mapping",
    "collections.abc.Sequence", "collections.abc.Mapping", "collections.deque", "typing.Deque", "|", "...",
    "typing.Final", "typing.ClassVar", "typing.Required", "typing.NotRequired",
})  # fmt: skip
_SESSIONS = frozenset({"Session", "AsyncSession", "sessionmaker", "async_sessionmaker", "scoped_session", "Engine",
                       "AsyncEngine", "Connection", "AsyncConnection"})  # fmt: skip
_CALLABLES = frozenset({"Callable", "Awaitable", "Coroutine", "Future", "Task"})
_STREAMS = frozenset({"Iterator", "Iterable", "Generator", "AsyncIterator", "AsyncIterable", "AsyncGenerator",
                      "ContextManager", "AsyncContextManager", "IO", "TextIO", "BinaryIO"})  # fmt: skip
_REQUESTS = frozenset({"Request", "Response", "WebSocket", "BackgroundTasks", "UploadFile", "HTTPConnection", "FastAPI",
                       "APIRouter", "JSONResponse", "StreamingResponse", "FileResponse"})  # fmt: skip
_ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"})
_MODELS = frozenset({"pydantic.BaseModel", "pydantic.RootModel", "pydantic.generics.GenericModel", "sqlmodel.SQLModel",
                     "pydantic_settings.BaseSettings", "fastapi_camelcase.CamelModel"})  # fmt: skip
_RECORDS = frozenset({"NamedTuple", "TypedDict"})
_EXCEPTIONS = frozenset(name for name, value in vars(builtins).items()
                        if isinstance(value, type) and issubclass(value, Exception))  # fmt: skip

TAKEN = frozenset({"Answer", "Asked", "OMITTED", "Operation", "Owner", "Plain", "RAISED", "_contract", "_owner",
                   "made"})  # fmt: skip
"""Names that contracts and clients have for something else."""
OF_CONTRACTS = "contracts and clients call something of their own so"
SESSION = "a database session lives in one process"


class Obstacle(Struct, frozen=True):
    """Why a type cannot cross, and the smallest change that would let it."""

    reason: str
    change: str


class Types:
    """Judges types as modules of a code base write them.

    `signatures` gives what a module defines, `in_core` whether a module is, or is to be, in the core.
    """

    def __init__(
        self, code: Codebase, signatures: Callable[[str], Signatures | None], in_core: Callable[[str], bool]
    ) -> None:  # fmt: skip
        self.code, self.signatures, self.in_core = code, signatures, in_core

    def obstacle(self, module: str, type: Type | None, home: str = "", seen: frozenset[str] = frozenset()) -> (
        Obstacle | None
    ):  # fmt: skip
        """What stands in the way of a type that a module writes, None for nothing.

        `home` is the module that is called: types of its own may be where it is.
        """
        home = home or module
        if type is None:
            return Obstacle("has no type", "annotate it")
        if not type.name:
            return Obstacle(f"`{type.text}` is no type that is understood", "annotate it plainly")
        name, where = self.meaning(module, type.name)
        last = name.rpartition(".")[2]
        if not where and (name in PLAIN or last == "Literal"):
            return None
        if not where and name in CONTAINERS:
            inner = type.arguments[:1] if last == "Annotated" else type.arguments
            trouble = next(filter(None, (self.obstacle(module, one, home, seen) for one in inner)), None)
            if trouble is None and self.is_mixed(module, type) and not is_packed(type, partial(self.meaning, module)):
                return Obstacle(f"what is written down of `{type.text}` does not tell which of its types it was",
                                "give it one type, or plain keys")  # fmt: skip
            return trouble
        if not where:
            return _foreign(name, last)
        if type.name.partition(".")[0] in TAKEN:
            return Obstacle(f"its type `{type.name}`: {OF_CONTRACTS}", "give it another name")
        return self.own(where, last, home, seen)

    def is_mixed(self, module: str, type: Type) -> bool:
        """Whether the types of values have to be written down with them."""
        return is_mixed(type, partial(self.meaning, module))

    def meaning(self, module: str, written: str) -> tuple[str, str]:
        """What a dotted name of a module means: its full name, and the module of ours that defines it ("" for none)."""
        if written in CONTAINERS or written in PLAIN:
            return written, ""
        symbol = self.code.symbols.follow(module, written)
        if symbol is not None and not symbol.external and symbol.module in self.code.modules.path_of:
            return f"{symbol.module}.{symbol.name}", symbol.module
        head, _, rest = written.partition(".")
        bound = self.code.symbols.bound_by_import(module).get(head)
        if bound is None:
            return written, ""
        fact, imported = bound
        whole = imported if imported.partition(".")[0] != head else head
        start = f"{fact.module}.{imported}" if fact.is_from else whole
        return (f"{start}.{rest}" if rest else start), ""

    def bases(self, module: str, found: Class) -> Iterator[tuple[str, str]]:
        """The full names of all bases of a class, and the modules of ours that define them."""
        for base in found.bases:
            name, where = self.meaning(module, base)
            yield name, where
            known = self.signatures(where) if where else None
            inner = known.classes.get(name.rpartition(".")[2]) if known is not None else None
            if inner is not None and (where, inner.name) != (module, found.name):
                yield from self.bases(where, inner)

    def is_exception(self, module: str, found: Class) -> bool:
        """Whether a class is an exception."""
        return any(not where and (name.rpartition(".")[2] in _EXCEPTIONS or name.endswith(("Error", "Exception")))
                   for name, where in self.bases(module, found))  # fmt: skip

    def is_table(self, module: str, found: Class) -> bool:
        """Whether a class is a table."""
        return self._kind(module, found) == "table"

    def is_record(self, module: str, found: Class) -> bool:
        """Whether a class is of values: a model, a dataclass, an enumeration, a named tuple or a typed dictionary."""
        return self._kind(module, found) not in ("", "table")

    def own(self, where: str, name: str, home: str, seen: frozenset[str]) -> Obstacle | None:
        """What stands in the way of a type of ours."""
        known = self.signatures(where)
        key = f"{where}.{name}"
        if known is None or key in seen:
            return None if key in seen else Obstacle(f"`{name}` of {where} cannot be read", "mend that module")
        if name in known.aliases:
            return self.obstacle(where, known.aliases[name], home, seen | {key})
        found = known.classes.get(name)
        if found is None:
            return Obstacle(f"`{name}` of {where} is no class whose text tells its fields", "use a model of pydantic")
        kind = self._kind(where, found)
        if kind == "table":
            return Obstacle(f"`{name}` is an instance of a table, bound to a session",
                            f"let it give a model with the columns that are needed, in place of `{name}`")  # fmt: skip
        if not kind:
            return Obstacle(f"`{name}` is an object that lives in one process", "make it a dataclass or a model")
        if where != home and not self.in_core(where):
            return Obstacle(f"its type `{name}` lies in {where}, which the core has not", f"share {where}")
        if where == home:
            trouble = self._text(where, found, known)
            if trouble is not None:
                return trouble
        for field, line in found.made:
            return Obstacle(f"`{name}.{field}` (line {line} of {where}) is made and not given", "make it a property")
        for field, type, line in found.fields if kind != "enum" else ():
            trouble = self.obstacle(where, type, home, seen | {key})
            if trouble is not None:
                told = f"`{name}.{field}` (line {line} of {where}): {trouble.reason}"
                return Obstacle(told, trouble.change)
        return None

    def _text(self, where: str, found: Class, known: Signatures) -> Obstacle | None:
        """What keeps the text of a class from standing in the core: what it uses of its module, or of others."""
        for name in sorted(found.names):
            if name in known.functions or name in known.instances:
                return Obstacle(f"its type `{found.name}` uses `{name}` of {where}",
                                f"move `{found.name}` to a module of its own, and share that")  # fmt: skip
            symbol = self.code.symbols.bound_by_import(where).get(name) and self.code.symbols.resolve(where, name)
            if symbol and not symbol.external and symbol.module != where and not self.in_core(symbol.module):
                return Obstacle(f"its type `{found.name}` uses `{name}` of {symbol.module}, which the core has not",
                                f"share {symbol.module}")  # fmt: skip
        return None

    def _kind(self, module: str, found: Class) -> str:
        """What kind of values a class is for: "table", "enum", "model", "dataclass", "record", or ""."""
        tables = {fact.class_name for fact in self.code.of(module).tables}
        if found.is_table or found.name in tables:
            return "table"
        if any(name.rpartition(".")[2] == "dataclass" for name in found.decorators):
            return "dataclass"
        for name, where in self.bases(module, found):
            last = name.rpartition(".")[2]
            if where:
                inner = self.signatures(where)
                of = inner.classes.get(last) if inner is not None else None
                if of is not None and any(one.rpartition(".")[2] == "dataclass" for one in of.decorators):
                    return "dataclass"
            elif last in _ENUMS:
                return "enum"
            elif name in _MODELS:
                return "model"
            elif last in _RECORDS:
                return "record"
        return ""


def _foreign(name: str, last: str) -> Obstacle:
    """Why a type from outside cannot cross."""
    if last in _SESSIONS:
        return Obstacle(SESSION, "let the owner open its own: `session` in the rule")
    if last in _CALLABLES:
        return Obstacle(f"`{last}` is a callback", "give it what it needs to know instead, or return what it would do")
    if last in _STREAMS:
        return Obstacle(f"`{last}` is read while the other side goes on", "make it a list")
    if last in _REQUESTS:
        return Obstacle(f"`{last}` is a part of one process's conversation", "give it what is read of it")
    if name == "type":
        return Obstacle(f"`{name}` is a class, which lives in one process", "give its name")
    return Obstacle(f"`{name}` is no type of plain values that is known", "use a model, a dataclass or plain values")
