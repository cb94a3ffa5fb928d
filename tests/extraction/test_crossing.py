"""What can be called in another process, symbol by symbol, and what is said of what cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from decomposer import app

Repository = Callable[[Mapping[str, str | bytes]], Path]

RULES = {
    "rules/orders.toml": 'name = "orders"\n\n[[rule]]\npaths = ["orders.py"]\nreason = "orders"\n',
    "rules/billing.toml": 'name = "billing"\n\n[[rule]]\npaths = ["bills.py", "rates.py", "ledger.py"]\n'
                          'reason = "billing"\n',
    "rules/core.toml": 'name = "core"\nshared = ["main.py", "__init__.py", "values.py"]\n',
}
VALUES = """
from dataclasses import dataclass
from enum import Enum
from pydantic import BaseModel

class Kind(Enum):
    SMALL = 1

@dataclass
class Line:
    kind: Kind
    count: int = 1

class Order(BaseModel):
    lines: list[Line]
    note: str | None = None
"""
RATES = """
from dataclasses import dataclass

@dataclass
class Rate:
    a: int

    def twice(self): ...

def work(): ...
"""
LEDGER = """
from sqlmodel import Field, SQLModel

class Bill(SQLModel, table=True):
    id: int = Field(primary_key=True)
"""
CROSSES = {
    "plain": ("def f(a: int, b: float = 1.5, *, c: str | None = None) -> bool: return True", "bills.f(1)"),
    "default tells": ("def f(limit=10, name=''): return f'{name}{limit}'", "bills.f()"),
    "async": ("async def f(a: bytes) -> None: print(a)", "await bills.f(b'')"),
    "containers": ("from typing import Optional\ndef f(a: dict[str, list[tuple[int, ...]]]) -> Optional[set[str]]: ...",
                   "bills.f({})"),
    "anything": ("from typing import Any\ndef f(a: dict[str, Any], b: object) -> list: return [a]", "bills.f({}, 1)"),
    "literals": ("from typing import Literal\ndef f(a: Literal['x', 1]) -> 'int': return 1", "bills.f(1)"),
    "of the library": ("import datetime as dt\nfrom decimal import Decimal\nfrom uuid import UUID\n"
                       "def f(a: dt.datetime, b: UUID) -> Decimal: return Decimal(1)", "bills.f(1, 2)"),
    "models": ("from .values import Kind, Order\ndef f(a: Order) -> list[Kind]: return []", "bills.f(1)"),
    "own types": ("from enum import StrEnum\nclass Way(StrEnum):\n    A = 'a'\ndef f(a: Way) -> Way: return a",
                  "bills.f(bills.Way.A)"),
    "other names": ("Cents = int\ndef f(a: Cents) -> Cents: return a", "bills.f(1)"),
    "any number": ("def f(*a: int, **b: str) -> int: return 1", "bills.f(1, x='')"),
    "class": ("class C:\n    def __init__(self, rate: int): self.rate = rate\n"
              "    def add(self, a: int) -> int: return a\n"
              "    def other(self, callback): return callback()", "bills.C(1).add(2)"),
    "instance": ("class C:\n    def __init__(self): self.n = 0\n    def add(self, a: int) -> int:\n        "
                 "self.n += a\n        return self.n\nthe = C()", "bills.the.add(2)"),
    "static": ("class C:\n    @staticmethod\n    def add(a: int) -> int: return a", "bills.C.add(1)"),
    "exception": ("class Bad(ValueError): pass\ndef f() -> None: raise Bad()", "bills.f(bills.Bad)"),
    "constant": ("RATE = 3", "print(bills.RATE)"),
    "called instance": ("class C:\n    def __call__(self, a: int) -> int: return a\nthe = C()", "bills.the(2)"),
    "last default worked out": ("def f(a: int, b: int = 60 * 60, /) -> int: return a", "bills.f(1)"),
    "default of a name": ("import math\nRATE = 3\ndef f(a: int = RATE, b: float = math.pi) -> int: return a",
                          "bills.f()"),
    "given on": ("class C:\n    def add(self, a: int) -> int: return a", "print(bills.C())\n    x.add(1)"),
}  # fmt: skip
STUCK = {
    "placed after what is worked out": ("def f(a: int = 60 * 60, b: int = 2, /) -> int: return a", "bills.f()", "f",
                                        "the default `60 * 60` is worked out", "a plain default"),
    "before any number": ("def f(a: int = 60 * 60, *b: int) -> int: return a", "bills.f()", "f",
                          "the default `60 * 60` is worked out", "a plain default"),
    "default of the process": ("_NONE = object()\ndef f(a: int | None = _NONE) -> int: return 1", "bills.f()", "f",
                               "the default `_NONE` is a value of the owner's process", "a plain default"),
    "default of an instance": ("class S:\n    limit = 3\nsettings = S()\ndef f(a: int = settings.limit) -> int: "
                               "return a", "bills.f()", "f", "the default `settings.limit` is a value",
                               "a plain default"),
    "entered": ("class C:\n    def __enter__(self): return self\n    def __exit__(self, *a): ...\n"
                "    def add(self, a: int) -> int: return a", "\n    with bills.C() as c: c.add(1)", "C.__enter__",
                "it is used otherwise than by its methods, and has `__enter__`", "by their names"),
    "measured": ("class C:\n    def __len__(self) -> int: return 1\nthe = C()", "len(bills.the)", "the.__len__",
                 "has `__len__`", "by their names"),
    "given on with a base": ("class B:\n    def sub(self): ...\nclass C(B):\n    def __init__(self, a: int): ...\n",
                             "print(bills.C(1))", "C", "what its base `B` has is not called", "where it is made"),
    "looks alike": ("from pathlib import Path\ndef f(a: Path | str) -> str: return str(a)", "bills.f('')", "f",
                    "`Path | str` does not tell which", "give it one type"),
    "contracts' own name": ("from enum import Enum\nclass Operation(Enum):\n    A = 1\ndef f() -> int: return 1",
                            "bills.Operation.A, bills.f()", "Operation", "call something of their own so",
                            "another name"),
    "contracts' own type": ("from enum import Enum\nclass Asked(Enum):\n    A = 1\ndef f(a: Asked) -> int: return 1",
                            "bills.f(x)", "f", "its type `Asked`: contracts", "another name"),
    "clients' own parameter": ("def f(_owner: int) -> int: return 1", "bills.f(1)", "f",
                               "parameter `_owner`: contracts", "another name"),
    "made by itself": ("from dataclasses import dataclass, field\n@dataclass\nclass P:\n    x: int\n"
                       "    y: int = field(init=False, default=1)\ndef f(p: P) -> int: return 1", "bills.f(x)", "f",
                       "`P.y` (line 5 of app.bills) is made and not given", "a property"),
    "no type": ("def f(a): return 1", "bills.f(1)", "f", "parameter `a`: has no type", "annotate it"),
    "no type returned": ("def f(a: int): return a", "bills.f(1)", "f", "what it returns: has no type", "annotate it"),
    "session": ("from sqlmodel import Session\ndef f(s: Session) -> int: return 1", "bills.f(s)", "f",
                "session lives in one process", "let the owner open its own"),
    "table": ("from .ledger import Bill\ndef f() -> list[Bill]: return []", "bills.f()", "f",
              "`Bill` is an instance of a table", "a model"),
    "callback": ("from collections.abc import Callable\ndef f(c: Callable[[int], int]) -> int: return c(1)",
                 "bills.f(int)", "f", "is a callback", "what it needs to know"),
    "generator": ("def f():\n    yield 1", "bills.f()", "f", "it is a generator", "return a list"),
    "stream": ("from collections.abc import Iterator\ndef f() -> Iterator[int]: return iter([])", "bills.f()", "f",
               "read while the other side goes on", "make it a list"),
    "object": ("class Box: pass\ndef f(a: Box) -> int: return 1", "bills.f(1)", "f",
               "`Box` is an object that lives in one process", "a dataclass or a model"),
    "request": ("from fastapi import Request\ndef f(a: Request) -> int: return 1", "bills.f(1)", "f",
                "part of one process's conversation", "what is read of it"),
    "inside": ("from dataclasses import dataclass\nfrom typing import Callable\n@dataclass\nclass Box:\n"
               "    ask: Callable[[], int]\ndef f() -> Box | None: return None", "bills.f()", "f",
               "`Box.ask` (line 5 of app.bills): `Callable` is a callback", "what it needs to know"),
    "lies elsewhere": ("from .rates import Rate\ndef f(a: Rate) -> int: return 1", "bills.f(1)", "f",
                       "its type `Rate` lies in app.rates, which the core has not", "share app.rates"),
    "changes": ("def f(a: list[int]) -> None: a.append(1)", "bills.f([])", "f", "it changes its argument `a`",
                "return what it changes"),
    "context manager": ("from contextlib import contextmanager\n@contextmanager\ndef f() -> int:\n    yield 1",
                        "bills.f()", "f", "`@contextmanager` makes it something else", "a plain function"),
    "default is made": ("from fastapi import Depends\ndef f(a: int = Depends(int)) -> int: return a", "bills.f()", "f",
                        "the default `Depends(int)` is made by a call", "a plain default"),
    "attribute": ("def f() -> int: return 1", "bills.f.delay()", "f", "it is asked for `delay`", "call it plainly"),
    "remembers": ("class C:\n    def __init__(self): self.seen = []\n    def add(self, a: int) -> None:\n"
                  "        self.seen.append(a)", "bills.C().add(1)", "C.add", "it remembers `seen` in the instance",
                  "one instance at the module's top level"),
    "no method": ("class C:\n    rate = 1\ndef g(): ...", "bills.C().rate", "C.rate", "`rate` is no method",
                  "make it one"),
    "subclass": ("class C:\n    def add(self) -> int: return 1", "type('D', (bills.C,), {})\nclass D(bills.C): pass",
                 "C", "it is subclassed", "leave it to the owner"),
    "variable": ("state = {}", "bills.state.get(1)", "state", "it is a variable of the owner's process", "a function"),
    "given away": ("class C:\n    def add(self, a) -> int: return 1", "print(bills.C())\n    x.add(1)", "C.add",
                   "parameter `a`: has no type", "annotate it"),
}  # fmt: skip


def used(repository: Repository, owner: str, use: str) -> list[tuple[str, str, str]]:
    """What orders use of a module of billing: each symbol, why it cannot cross, and the smallest change."""
    root = repository({
        "decompose.toml": 'source = "src"\npackage = "app"\nentry = "app.main:app"\nrules = "rules"\n', **RULES,
        "src/app/__init__.py": "", "src/app/bills.py": owner, "src/app/values.py": VALUES,
        "src/app/main.py": "from fastapi import FastAPI\nfrom . import bills, orders, rates\napp = FastAPI()\n",
        "src/app/rates.py": RATES, "src/app/ledger.py": LEDGER,
        "src/app/orders.py": f"from . import bills\n\nasync def place(x, s):\n    {use}\n",
    })  # fmt: skip
    settled = app.explain(app.Options(repo=root, cache=False), "app.bills").value["settled"]
    return [(one["name"], one["reason"], one["change"]) for told in settled for one in told["symbols"]]


@pytest.mark.parametrize("owner, use", CROSSES.values(), ids=CROSSES)
def test_plain_values_cross(repository: Repository, owner: str, use: str) -> None:
    """Whatever can be written down and read again can be called for over HTTP, by functions, classes and instances."""
    found = used(repository, owner, use)
    assert found
    assert [] == [one for one in found if one[1]]


@pytest.mark.parametrize("owner, use, name, reason, change", STUCK.values(), ids=STUCK)
def test_what_lives_in_a_process_is_told(
    repository: Repository, owner: str, use: str, name: str, reason: str, change: str
) -> None:  # fmt: skip
    """The symbol, the reason, and the smallest change that would let it cross."""
    stuck = [one for one in used(repository, owner, use) if one[1]]
    assert any(one[0] == name and reason in one[1] and change in one[2] for one in stuck), stuck


def test_a_context_tells_what_it_needs(repository: Repository) -> None:
    """`explain CONTEXT` has each module of others that it needs, how that is settled, and what is used of it."""
    root = repository({
        "decompose.toml": 'source = "src"\npackage = "app"\nentry = "app.main:app"\nrules = "rules"\n', **RULES,
        "src/app/__init__.py": "", "src/app/rates.py": "", "src/app/values.py": VALUES,
        "src/app/main.py": "from fastapi import FastAPI\nfrom . import bills, orders\napp = FastAPI()\n",
        "src/app/bills.py": "def total(a: int) -> int:\n    return a\n",
        "src/app/orders.py": "from .bills import total\nfrom .values import Kind\n\ndef place():\n"
                             "    return total(Kind.SMALL.value)\n",
    })  # fmt: skip
    needs = app.explain(app.Options(repo=root, cache=False), "orders").value["needs"]
    assert [("app.bills", "billing", "copy", ["total"]), ("app.values", "core", "share", [])] == [
        (one["module"], one["owner"], one["policy"], [symbol["name"] for symbol in one["symbols"]]) for one in needs
    ]
