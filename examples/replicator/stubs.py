"""Stand-ins for the third-party packages that the application imports and that need not be installed."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from .blueprint import Module

INSTALLED = frozenset(
    {"fastapi", "httpx", "pydantic", "pydantic_settings", "sqlalchemy", "sqlmodel", "starlette"}
)

# What an installed package loads in its turn and does not bring along.
BEHIND = {"sqlalchemy.ext.asyncio": ("greenlet", {"getcurrent", "greenlet"})}

STAND_IN = '''"""An object that can be called, indexed, awaited, inherited from and asked for anything."""

from __future__ import annotations

from collections.abc import Generator, Iterator


class StandIn:
    """Answers with another stand-in; hands a decorated function or a wrapped application back."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"<stand-in for {self._name}>"

    def __getattr__(self, name: str) -> StandIn:
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn(f"{self._name}.{name}")

    def __call__(self, *args: object, **options: object) -> object:
        return args[0] if args and callable(args[0]) else StandIn(f"{self._name}()")

    def __getitem__(self, key: object) -> StandIn:
        return StandIn(f"{self._name}[{key!r}]")

    def __or__(self, other: object) -> StandIn:
        return self

    __ror__ = __or__

    def __iter__(self) -> Iterator[object]:
        return iter(())

    def __await__(self) -> Generator[None, None, StandIn]:
        return self
        yield

    def __enter__(self) -> StandIn:
        return self

    def __exit__(self, *exc_info: object) -> None:
        return None

    async def __aenter__(self) -> StandIn:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        return None

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return ()
'''

MODULE = '''"""Stand-in for `{name}`: enough of it to be imported and called."""

from _stand_in import StandIn
{body}

def __getattr__(name: str) -> StandIn:
    if name.startswith("__"):
        raise AttributeError(name)
    return StandIn(f"{name}.{{name}}")
'''

ERROR = '''

class {name}(Exception):
    """Stand-in for the error of that name."""
'''


def is_error(name: str) -> bool:
    """Whether a name must be an exception class: it may stand in an `except` clause."""
    return name.endswith(("Error", "Exception", "Exceeded"))


def imported(modules: Iterable[Module]) -> dict[str, set[str]]:
    """Dotted module -> names, for the third parties without which some module cannot be loaded.

    What is only imported inside a function or a `try` is optional and stays missing: ImportError is raised.
    """
    found: dict[str, set[str]] = {}
    for module in modules:
        for item in module.outer:
            if item.place not in ("top", "try"):
                continue
            for name, _ in item.names:
                if item.source:
                    found.setdefault(item.source, set()).add(name)
                else:
                    found.setdefault(name, set())
    needed = {name for source, (name, _) in BEHIND.items() if source in found}
    found.update(named for source, named in BEHIND.items() if source in found)
    needed |= {
        (item.source or name).split(".")[0]
        for module in modules
        for item in module.outer
        if item.place == "top"
        for name, _ in item.names
    }
    known = INSTALLED | sys.stdlib_module_names | {"", "app"}
    return {name: names for name, names in found.items() if name.split(".")[0] in needed - known}


def stand_ins(modules: Iterable[Module]) -> dict[str, str]:
    """Path below the stand-ins' folder -> text."""
    found = imported(list(modules))
    for name in list(found):
        for end in range(1, name.count(".") + 1):
            found.setdefault(".".join(name.split(".")[:end]), set())
    out = {"_stand_in.py": STAND_IN}
    for name, names in sorted(found.items()):
        own = sorted(item for item in names if f"{name}.{item}" not in found)
        plain = [f'{item} = StandIn("{name}.{item}")\n' for item in own if not is_error(item)]
        errors = [ERROR.format(name=item) for item in own if is_error(item)]
        body = "".join([*(["\n"] if plain else []), *plain, *errors])
        out[f"{name.replace('.', '/')}/__init__.py"] = MODULE.format(name=name, body=body)
    return out
