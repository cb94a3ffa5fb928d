"""What is called of one module over HTTP: its types, its operations and its exceptions, ready to be written down."""

from __future__ import annotations

from msgspec import Struct


class Given(Struct, frozen=True):
    """One parameter of an operation as it is written: `field` is what it is called in the contract.

    `type` is its type there and `written` as the owner's module has it, "" where that has none; `default` is "" for
    none. `is_session` says that the owner makes it, so that it does not cross.
    """

    name: str
    kind: str
    field: str
    type: str
    written: str
    default: str = ""
    is_plain: bool = True
    is_session: bool = False


class Operation(Struct, frozen=True):
    """One function or method that is called: `name` as the owner's module has it, `prefix` how its models begin.

    `constant` is what the contract calls it, `holder` the class or the instance whose method it is, "" for none.
    `returns` is the type in the contract, `written` as the module has it. `is_repeatable` says that it may be called
    again.
    """

    name: str
    prefix: str
    holder: str
    is_async: bool
    given: tuple[Given, ...]
    returns: str
    written: str
    told: str
    constant: str
    is_repeatable: bool = False
    is_static: bool = False

    @property
    def method(self) -> str:
        """The function's own name."""
        return self.name.rpartition(".")[2]

    @property
    def session(self) -> str:
        """The parameter that is a session, "" for none."""
        return next((one.name for one in self.given if one.is_session), "")


class Holder(Struct, frozen=True):
    """A class, or an instance, whose methods are called; `made_with` are what an instance is made with.

    `is_instance` says that the owner has made the one that is meant.
    """

    name: str
    prefix: str
    given: tuple[Given, ...]
    told: str
    is_instance: bool = False

    @property
    def session(self) -> str:
        """The parameter that is a session, "" for none."""
        return next((one.name for one in self.given if one.is_session), "")


class CallContract(Struct, frozen=True):
    """Everything that is called of one module: `name` is what the contract is called, `module` the owner's module.

    `imports` are statements, `lifted` the texts of types that the module itself defines; `types` the names that users
    ask for, `constants` with their texts. `raised` are the exceptions that come out as what they are, each with the
    module that defines it ("" for the owner's own). `session` is what opens one at the owner, `package.module:name`, ""
    where none is needed. `client_imports` are the statements that clients need to write the owner's signatures,
    `client_names` what these take from the contract. `own` are the types whose texts are lifted: at the owner the
    module's own are meant. `core` are modules that the core has to have. `foreign` are exceptions of libraries, each by
    its full name with how the contract spells it.
    """

    name: str
    module: str
    owner: str
    has_future: bool
    imports: tuple[str, ...]
    lifted: tuple[str, ...]
    types: tuple[str, ...]
    constants: tuple[tuple[str, str], ...]
    operations: tuple[Operation, ...]
    holders: tuple[Holder, ...]
    raised: tuple[tuple[str, str], ...]
    session: str
    client_imports: tuple[str, ...] = ()
    client_names: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    core: frozenset[str] = frozenset()
    foreign: tuple[tuple[str, str], ...] = ()
