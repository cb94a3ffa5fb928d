"""The contract of one module that others call: every type and operation that is used, as it is written down."""

from __future__ import annotations

import builtins
import re
from collections.abc import Collection, Iterable, Iterator
from textwrap import dedent

from msgspec.structs import replace

from decomposer.graph.symbols import Symbol
from decomposer.model.contracts import CallContract, Given, Holder, Operation
from decomposer.model.crossing import Call
from decomposer.model.signatures import Class, Function, Parameter, Signatures, Type
from decomposer.planning.clients import Calling
from decomposer.planning.foreign import KNOWN_ELSEWHERE, Foreign, foreign, side_by_side
from decomposer.planning.plain_types import SESSION
from decomposer.syntax.bytes_of_text import text_of

_BUILTINS = frozenset(dir(builtins))
_RESERVED = frozenset({"copy", "dict", "json", "schema", "validate", "construct", "fields", "made_with", "passed_to",
                       "register"})  # fmt: skip
"""Names that a field of a model should not have."""
_BARE = frozenset({"dict", "list", "tuple", "set", "frozenset", "typing.Dict", "typing.List", "typing.Tuple",
                   "typing.Set", "object", "typing.Any", "typing.Mapping", "typing.Sequence"})  # fmt: skip
"""Types that say nothing of what is inside: what it is, is written down with it."""


def contract_name(module: str) -> str:
    """What a module's contract is called: its name below the package, in one word."""
    return module.partition(".")[2].replace(".", "_")


def build_contract(calling: Calling, module: str, calls: Collection[Call], is_kept: bool = False) -> CallContract:
    """The contract for all that some contexts use of a module.

    If it `is_kept`, the exceptions stay in it that it has: what raised them may be behind clients, or elsewhere, now.
    """
    names: set[str] = set()
    repeatable: set[str] = set()
    session = ""
    for call in calls:
        names |= call.names()
        rule = calling.policies.of(call.context, module)
        if rule is not None:
            repeatable |= set(rule.idempotent)
            session = session or rule.session
    building = _Building(calling, module, session, repeatable)
    building.caught = [(one.by, one.written) for call in calls for one in call.caught]
    if is_kept:
        building.raising.append(f"{calling.code.config.core_package()}.contracts.{contract_name(module)}")
    return building.contract(names)


def narrowed(calling: Calling, contract: CallContract, names: Collection[str]) -> CallContract:
    """The same with only what one of those uses that call the module, and what that needs: its client has no more."""
    mine = _Building(calling, contract.module, "", ()).contract(names)
    operations, holders = {one.name for one in mine.operations}, {one.name for one in mine.holders}
    return replace(mine, operations=tuple(one for one in contract.operations if one.name in operations),
                   holders=tuple(one for one in contract.holders if one.name in holders))  # fmt: skip


class _Building:
    def __init__(self, calling: Calling, module: str, session: str, repeatable: Collection[str]) -> None:
        self.calling, self.code, self.module = calling, calling.code, module
        self.types, self.session, self.repeatable = calling.types, session, repeatable
        known = calling.sources.signatures(module)
        assert known is not None  # what cannot be read cannot be called
        self.known: Signatures = known
        self.imports: dict[str, str] = {}
        self.client_imports: dict[str, str] = {}
        self.client_names: set[str] = set()
        self.lifted: dict[str, tuple[int, str]] = {}
        self.core: set[str] = set()
        self.prefixes: dict[str, str] = {}
        self.raising = [module]
        """The modules whose exceptions come out, with those of all that they need."""
        self.caught: list[tuple[str, str]] = []
        """What callers catch: the module of each, and how that writes it."""
        self.taken = {*known.constants, *known.classes, *known.aliases}

    def _opens(self) -> str:
        """What opens a session at the owner, as `package.module:name` with the module that it lies in now."""
        module, _, name = self.session.partition(":")
        if not name:
            return ""
        written = f"{self.code.config.package}.{module}"
        found = self.code.symbols.resolve(written, name) or \
            self.code.symbols.resolve(f"{self.code.config.core_package()}.{module}", name)
        if found is None or found.external or not found.name:
            return f"{written}:{name}"
        self.core.add(found.module)
        return f"{found.module}:{found.name}"

    def contract(self, names: Collection[str]) -> CallContract:
        known = self.known
        operations: list[Operation] = []
        holders: dict[str, Holder] = {}
        types: list[str] = []
        constants: list[tuple[str, str]] = []
        for name in sorted(names):
            head, _, method = name.partition(".")
            if head in known.constants:
                constants.append((head, known.constants[head]))
            elif head in known.functions:
                operations.append(self._operation(known.functions[head], head, ""))
            elif head in known.aliases or (head in known.classes and not self._has_methods(head, names)
                                           and self._is_plain(known.classes[head])):  # fmt: skip
                types.append(head)
                self._use(head, self.imports)
            else:
                if head not in holders:
                    holders[head] = self._holder(head)
                if method:
                    found = self._class_of(head)
                    operations.append(self._operation(known.functions[f"{found.name}.{method}"], name, head))
        raised = tuple(sorted(self._raised()))
        others = self._foreign()
        lifted = tuple(text for _, text in sorted(self.lifted.values()))
        future = any(fact.module == "__future__" for fact in self.code.of(self.module).imports)
        return CallContract(
            contract_name(self.module), self.module, self.code.owner(self.module), future,
            tuple(sorted({*self.imports.values(), *(one.statement for one in others)})), lifted, tuple(types),
            tuple(constants), tuple(operations), tuple(holders.values()), raised, self._opens(),
            tuple(sorted(self.client_imports.values())), tuple(sorted({*self.client_names, *types})),
            tuple(sorted(self.lifted.keys() - known.constants.keys())), frozenset(self.core),
            tuple((one.name, one.value) for one in others),
        )  # fmt: skip

    def _has_methods(self, name: str, names: Collection[str]) -> bool:
        return any(other.startswith(f"{name}.") for other in names)

    def _is_plain(self, found: Class) -> bool:
        """Whether a class is of values, or an exception: its text goes to the contract."""
        return self.types.is_record(self.module, found) or self.types.is_exception(self.module, found)

    def _class_of(self, name: str) -> Class:
        """The class that a name is, or makes the instance of."""
        if name in self.known.classes:
            return self.known.classes[name]
        return self.known.classes[self.types.meaning(self.module, self.known.instances[name])[0].rpartition(".")[2]]

    def _holder(self, name: str) -> Holder:
        found = self._class_of(name)
        made = self.known.functions.get(f"{found.name}.__init__")
        given = self._given(made, True) if made is not None and name in self.known.classes else ()
        return Holder(name, self._prefix(name), given, found.told, name in self.known.instances)

    def _operation(self, function: Function, name: str, holder: str) -> Operation:
        is_static = "staticmethod" in function.decorators or "classmethod" in function.decorators
        given = self._given(function, "." in function.name and "staticmethod" not in function.decorators)
        return Operation(
            name, self._prefix(name), holder, function.is_async, given, self.type(function.returns),
            self._written(function.returns), function.told, self._free(name.replace(".", "_").upper()),
            name in self.repeatable, is_static,
        )  # fmt: skip

    def _prefix(self, name: str) -> str:
        """How the models of an operation begin: `BillerAdd` for `Biller.add`, `BillerAdd_` for `biller.add` besides."""
        if name not in self.prefixes:
            found = "".join(part[:1].upper() + part[1:] for part in re.split(r"[._]", name) if part)
            self.prefixes[name] = self._free(found, "Asked", "Answer", "Made")
        return self.prefixes[name]

    def _free(self, name: str, *endings: str) -> str:
        """A name, longer where that, or that with one of the endings, means something else already."""
        while self.taken & (names := {name + ending for ending in endings or ("",)}):
            name += "_"
        self.taken |= names
        return name

    def _given(self, function: Function, is_method: bool) -> tuple[Given, ...]:
        parameters = function.parameters[1 if is_method else 0 :]
        fields = _fields(parameter.name for parameter in parameters)
        return tuple(self._one(parameter, field) for parameter, field in zip(parameters, fields, strict=True))

    def _one(self, parameter: Parameter, field: str) -> Given:
        trouble = self.types.obstacle(self.module, parameter.type)
        if trouble is not None and trouble.reason == SESSION:
            written = self._written(parameter.type)
            return Given(parameter.name, parameter.kind, "", "", written, parameter.default, parameter.is_plain, True)
        type = self.type(parameter.type)
        if parameter.default == "None" and "None" not in type and type != "Plain":
            type = f"{type} | None"
        type = {"*": f"list[{type}]", "**": f"dict[str, {type}]"}.get(parameter.kind, type)
        if parameter.default and not parameter.is_plain:
            self._use(parameter.default, self.client_imports)
            self._use(parameter.default, self.imports)
        return Given(parameter.name, parameter.kind, field, type, self._written(parameter.type),
                     parameter.default, parameter.is_plain)  # fmt: skip

    def type(self, type: Type | None) -> str:
        """A type as the contract writes it; what it says nothing of is `Plain`."""
        if type is None or type.name in ("None", "..."):
            return "None" if type is None or type.name == "None" else "..."
        name, where = self.types.meaning(self.module, type.name)
        last = name.rpartition(".")[2]
        if not where and (name in _BARE or last in ("Mapping", "Sequence")) and not type.arguments:
            return "Plain"
        if self.types.is_mixed(self.module, type):
            return "Plain"
        if type.name == "|":
            return " | ".join(self.type(one) for one in type.arguments)
        if not where and last == "Annotated":
            return self.type(type.arguments[0])
        if where and self._is_typed_dict(where, last):
            return "Plain"
        spelled = self._use(type.name, self.imports)
        if not where and last == "Literal":
            return spelled + type.text[type.text.index("["):]
        inner = ", ".join(self.type(one) for one in type.arguments)
        return f"{spelled}[{inner}]" if type.arguments else spelled

    def _is_typed_dict(self, where: str, name: str) -> bool:
        """Whether a class is a typed dictionary, for which pydantic wants a newer Python."""
        known = self.calling.sources.signatures(where)
        found = known.classes.get(name) if known is not None else None
        return found is not None and any(base.rpartition(".")[2] == "TypedDict"
                                         for base, inside in self.types.bases(where, found) if not inside)  # fmt: skip

    def _written(self, type: Type | None) -> str:
        """A type as the owner's module writes it, with all that it names at hand for clients."""
        if type is None:
            return ""
        for name in dict.fromkeys(_heads(type)):
            self._use(name, self.client_imports)
        return type.text

    def _use(self, written: str, imports: dict[str, str]) -> str:
        """How the contract, or a client, spells a dotted name of the module, which it has from then on."""
        head, _, rest = written.partition(".")
        bound = self.code.symbols.bound_by_import(self.module).get(head)
        if bound is None:
            if head in self.known.classes or head in self.known.aliases or head in self.known.constants:
                self._lift(head)
                if imports is self.client_imports:
                    self.client_names.add(head)
            return written
        fact, imported = bound
        symbol = self.code.symbols.resolve(self.module, head)
        if symbol is not None and not symbol.external:
            self._import(symbol, head, imports)
        elif fact.is_from:
            imports[head] = f"from {fact.module} import {imported}" + (f" as {head}" if head != imported else "")
        else:
            plain = imported.partition(".")[0] == head and (imported == head or bool(rest))
            imports[head] = f"import {imported}" + ("" if plain else f" as {head}")
        return written

    def _import(self, symbol: Symbol, bound: str, imports: dict[str, str]) -> None:
        """A name, or a module, that the core has."""
        self.core.add(symbol.module)
        if symbol.name:
            ending = f" as {bound}" if bound != symbol.name else ""
            imports[bound] = f"from {symbol.module} import {symbol.name}{ending}"
        else:
            above, _, last = symbol.module.rpartition(".")
            imports[bound] = f"from {above} import {last}" + (f" as {bound}" if bound != last else "")

    def _lift(self, name: str) -> None:
        """The text of a type, or a constant, that the module itself defines, with all that it uses."""
        if name in self.lifted:
            return
        known = self.known
        if name in known.constants:
            self.lifted[name] = (0, f"{name} = {known.constants[name]}\n")
        elif name in known.aliases:
            self.lifted[name] = (0, "")
            self.lifted[name] = (len(self.lifted), f"{name} = {self.type(known.aliases[name])}\n")
        else:
            found = known.classes[name]
            lines = text_of(self.calling.sources.read(self.code.path(self.module)) or b"").lines()
            text = dedent("\n".join(lines[found.first_line - 1 : found.end_line]))
            self.lifted[name] = (100_000 + found.line, f"{text}\n")
            for used in sorted(found.names - _BUILTINS):
                self._use(used, self.imports)

    def _raised(self) -> Iterator[tuple[str, str]]:
        """The exceptions of ours that come out as what they are."""
        told: set[str] = set()
        for name, found in self.known.classes.items():
            if self.types.is_exception(self.module, found):
                self._lift(name)
                told.add(name)
                yield name, ""
        for module in self._raising():
            known = self.calling.sources.signatures(module)
            for written, _ in known.raised if known is not None else ():
                full, where = self.types.meaning(module, written)
                last = full.rpartition(".")[2]
                if last in told or not (full in KNOWN_ELSEWHERE if not where else self.types.in_core(where)):
                    continue
                defining = self.calling.sources.signatures(where) if where else None
                is_one = not where or (defining is not None and last in defining.classes and
                                       self.types.is_exception(where, defining.classes[last]))  # fmt: skip
                if is_one:
                    told.add(last)
                    self._named(where, full, last)
                    yield last, where or full.rpartition(".")[0]

    def _foreign(self) -> list[Foreign]:
        """The exceptions of libraries that the owner raises, or a caller catches, which a contract can have."""
        known = ((module, self.calling.sources.signatures(module)) for module in self._raising())
        told = [*self.caught, *((module, written) for module, found in known if found for written, _ in found.raised)]
        return side_by_side((foreign(self.code, *one) for one in told), self.imports, self.taken)

    def _raising(self) -> Iterator[str]:
        """The modules whose exceptions come out: those that are called, and all that they need."""
        seen, queue = {*self.raising}, [*self.raising]
        while queue:
            module = queue.pop()
            yield module
            is_contract = module.startswith(f"{self.code.config.core_package()}.contracts.")
            more = set() if is_contract else {need.module for need in self.code.needs.of(module)} - seen
            seen |= more
            queue += sorted(more)

    def _named(self, where: str, full: str, last: str) -> None:
        if where:
            self._import(Symbol(where, last), last, self.imports)
        else:
            self.imports[last] = f"from {full.rpartition('.')[0]} import {last}"


def _heads(type: Type) -> Iterator[str]:
    """The dotted names in a type."""
    if type.name not in ("", "|", "[]", "...", "None"):
        yield type.name
    for one in type.arguments:
        yield from _heads(one)


def _fields(names: Iterable[str]) -> list[str]:
    """What parameters are called in a model, each by a name of its own."""
    found: list[str] = []
    for name in names:
        field = _field(name)
        while field in found:
            field += "_"
        found.append(field)
    return found


def _field(name: str) -> str:
    """What a parameter is called in a model, where names that begin with an underscore or mean something are none."""
    plain = name.strip("_") or "given"
    return plain if plain == name and name not in _RESERVED and not name.startswith("model_") else f"{plain}_"
