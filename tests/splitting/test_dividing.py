"""Classes that are divided into bases: what may be, why not, and that they are the same classes afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.splitting.companies import Method, calls, companies, crossing
from decomposer.splitting.divided import divided
from decomposer.splitting.dividing import Division, Whole, divide
from decomposer.syntax.bytes_of_text import text_of
from decomposer.syntax.class_bodies import read_class_bodies

LIMIT = 20
MANY = "".join(f"    def {what}_{n}(self):\n        return self.{what}\n\n" for what in ("price", "stock")
               for n in range(4))  # fmt: skip


def division(source: str, *bound: str) -> Division | Whole:
    """How the last class of a module is divided."""
    content = text_of(source.encode())
    return divide([*read_class_bodies(source.encode(), content)][-1], dict.fromkeys(bound, "it stays"), LIMIT)


def names(found: Division, numbers: tuple[int, ...]) -> set[str]:
    """What pieces of a class bind."""
    return {name for number in numbers for name in found.body.pieces[number].names}


@pytest.mark.parametrize(("source", "why"), [
    ("@dataclass\nclass A:\n", "a decorator is applied to the whole of it"),
    ("class A(metaclass=Meta):\n", "it is made with keywords"),
    ("class A(*bases):\n", "it is made with keywords"),
    ("class A(Generic[T]):\n", "it is generic"),
    ("class A:\n    __slots__ = ()\n\n", "it has `__slots__`"),
    ("class A:\n    def __init_subclass__(cls): ...\n\n", "it keeps account of its subclasses"),
    ("class A:\n    def __set_name__(self, owner, name): ...\n\n", "it is told of its name"),
    ("class A:\n    def f(self):\n        return self.__price\n\n", "`__price` is spelled with the name of its class"),
    ("class A:\n    def __f(self): ...\n\n", "`__f` is spelled with the name of its class"),
    ("class A:\n    def f(self, x):\n        x(__a=1)\n\n", "`__a` is spelled with the name of its class"),
    ("class A:\n    def f(self):\n        import __x\n\n", "`__x` is spelled with the name of its class"),
    ("class A:\n    def f(self):\n        return __class__\n\n", "`__class__` is asked for"),
    ("class A:\n    def f(self):\n        return type(self).__dict__\n\n", "`__dict__` is asked for"),
    ("class A:\n    def f(self):\n        return self.__annotations__\n\n", "`__annotations__` is asked for"),
    ("class A:\n    def f(self):\n        return vars(type(self))\n\n", "`vars` is asked for"),
    ("class A:\n    def f(self):\n        return super(A, self).f()\n\n", "`super` is told the class"),
    ("class A:\n    def f(self):\n        return super().price_1() or A\n\n",
     "`f` can neither stay nor go: it names `A`"),
    ("class A:\n    def f(self):\n        return LIMIT\n\n    g = f\n\n",
     "`f` can neither stay nor go: it names `LIMIT`"),
])  # fmt: skip
def test_what_would_not_be_the_same_is_not_divided(source: str, why: str) -> None:
    """The reason is told with the line that it is about."""
    found = division(source + MANY, "LIMIT")
    assert isinstance(found, Whole)
    assert why == found.why
    assert 0 < found.line <= source.count("\n")


def test_a_class_without_groups_stays_whole() -> None:
    """Methods that all call each other would only be torn apart; methods that are bound leave nothing to go."""
    source = "class A:\n" + "".join(
        f"    def m{n}(self):\n        a = 1\n        a += 1\n        self.m{(n + 3) % 8}(), self.m{(n + 5) % 8}()\n"
        f"        return self.m{(n + 1) % 8}(), self.m{(n + 2) % 8}()\n\n" for n in range(8)
    )  # fmt: skip
    found = division(source)
    assert isinstance(found, Whole)
    assert found.why.startswith("its methods do not fall into groups: ")
    bound = MANY.replace("self.price", "PRICE").replace("self.stock", "STOCK")
    found = division("class A:\n" + bound, "PRICE", "STOCK")
    assert isinstance(found, Whole)
    assert "8 of 8 methods use `PRICE` or 1 more, which can be had only where the class stands: it stays" == found.why


def test_every_piece_goes_where_it_is_found_as_before() -> None:
    """To the base: what is no method, what makes the object, what asks above; what names the class stays."""
    found = division(
        "class A(B):\n    '''All.'''\n\n    RATE = 2\n    DOUBLE = RATE * 2\n\n    class Inner: ...\n\n"
        "    def __init__(self): ...\n\n    def above(self):\n        return super().above()\n\n"
        "    def other(self) -> 'A':\n        return self\n\n"
        "    def __eq__(self, other):\n        return other is A\n\n"
        "    def __hash__(self):\n        return 1\n\n    def _make(kind=RATE):\n        return kind\n\n"
        "    made = _make(3)\n\n    @app.get('/')\n    def route(self): ...\n\n    @property\n    def cost(self):\n"
        "        return self.price\n\n    @cost.setter\n    def cost(self, value):\n        self.price = value\n\n"
        + MANY
    )  # fmt: skip
    assert isinstance(found, Division)
    based = {"RATE", "DOUBLE", "Inner", "__init__", "above", "_make", "made", "route"}
    assert based == names(found, found.base)
    assert {"other", "__eq__", "__hash__"} == names(found, found.stays)
    together = [names(found, group) for group in found.groups]
    assert [{"cost"}, {f"price_{n}" for n in range(4)}, {f"stock_{n}" for n in range(4)}] == together
    everything = sorted([*found.base, *found.stays, *(number for group in found.groups for number in group)])
    assert [*range(len(found.body.pieces))] == everything


def test_what_two_groups_call_goes_below_both() -> None:
    """A short method, or one that is internal, with all that it calls; a long public one stays, and that is told."""
    long = "        a = 1\n" * 30
    source = "class A:\n" + MANY + (
        "    def price_5(self):\n        return self.price, self._both(), self.long()\n\n"
        "    def stock_5(self):\n        return self.stock, self._both(), self.long()\n\n"
        "    def _both(self):\n        return self._deep()\n\n    def _deep(self):\n        return 1\n\n"
        f"    def long(self):\n{long}\n"
    )  # fmt: skip
    found = division(source)
    assert isinstance(found, Division)
    assert {"_both", "_deep"} == names(found, found.base)
    assert (("price_5", "long"), ("stock_5", "long")) == found.across


def test_groups_have_room_and_short_ones_go_along() -> None:
    """What calls each other is together as long as there is room, and a short rest goes with whom it can."""
    methods = [Method("a", 10, frozenset({"b"})), Method("b", 10, frozenset()), Method("c", 10, frozenset({"d"})),
               Method("d", 10, frozenset()), Method("e", 2, frozenset())]  # fmt: skip
    assert [{0, 1}, {2, 3, 4}] == companies(methods, 20, 24, 5)
    assert [{0}, {1}, {2}, {3}, {4}] == companies(methods, 9, 9, 0)
    assert [(0, 1)] == crossing(calls(methods), [frozenset({0}), frozenset({1, 2, 3, 4})])


NAMES = ("price", "stock", "label", "line", "total")
BODIES = (
    "return ('{name}', self.state)", "return ['{name}', self.RATE, type(self).RATE]",
    "self.state += '{name}'\n        return self.state", "return self.{other}_0(depth - 1) if depth else '{name}'",
    "return super().{name}(depth)", "return super().{other}_0(depth)", "return isinstance(self, C), C.__name__",
    "return self.made_{other}",
)  # fmt: skip


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A class with many methods, a base and a subclass that have some of them too."""
    lines = ["class B:", "    RATE = 1", ""]
    own = [f"{name}_{n}" for name in draw(st.permutations(NAMES)) for n in range(draw(st.integers(1, 4)))]
    lines += [f"    def {name}(self, depth=2):\n        return 'above', '{name}'\n" for name in own]
    lines += ["", "", draw(st.sampled_from(["# What it is.\n", ""])) + "class C(B):"]
    lines += draw(st.sampled_from([['    """All of it."""', ""], []]))
    lines += ["    RATE = B.RATE + 1", "", "    def __init__(self):", "        self.state = '.'", ""]
    for name in own:
        body = draw(st.sampled_from(BODIES)).format(name=name, other=draw(st.sampled_from(NAMES)))
        head = draw(st.sampled_from(["", "", "", "    # about it\n", "    @staticmethod\n", "    @classmethod\n"]))
        if "static" in head:
            lines.append(f"{head}    def {name}(depth=2):\n        return '{name}', depth\n")
        elif "class" in head:
            lines.append(f"{head}    def {name}(cls, depth=2):\n        return '{name}', cls.RATE\n")
        else:
            lines.append(f"{head}    def {name}(self, depth=2):\n        {body}\n")
    for name in dict.fromkeys(name.rpartition("_")[0] for name in own):
        lines.append(f"    made_{name} = property(lambda self: self.state + '{name}')\n")
        lines += draw(st.sampled_from([[f"    also_{name} = {name}_0\n"], []]))
    lines += ["", "class D(C):", "    RATE = 7", ""]
    for name in draw(st.lists(st.sampled_from(own), unique=True, max_size=3)):
        lines.append(f"    def {name}(self, depth=2):\n        return 'below', super().{name}(depth)\n")
    return "\n".join(lines)


def outcome(call: Any) -> tuple[str, Any]:
    """What a call gives, or how it fails."""
    try:
        return "gives", call()
    except (AttributeError, TypeError, RecursionError) as error:
        return type(error).__name__, ""


def seen(source: str, made: tuple[str, ...]) -> dict[str, object]:
    """Everything that can be asked of the classes of a program, `made` being those that were put in."""
    space: dict[str, Any] = {}
    exec(compile(source, "program", "exec"), space)
    told: dict[str, object] = {"names": sorted(set(space) - {*made, "__builtins__"})}
    for kind in ("C", "D"):
        cls = space[kind]
        told[f"{kind} is"] = (cls.__name__, cls.__qualname__, cls.__doc__, [
            one.__name__ for one in cls.__mro__ if one.__name__ not in made])  # fmt: skip
        told[f"{kind} has"] = dir(cls)
        for name in dir(cls):
            if not name.startswith("__"):
                told[f"{kind}.{name}"] = outcome(lambda name=name, cls=cls: getattr(cls(), name)(2))
                told[f"{kind}.{name} itself"] = outcome(lambda name=name, cls=cls: str(getattr(cls(), name))[:9])
    return told


@given(programs())
def test_a_divided_class_is_the_same_class(source: str) -> None:
    """Whatever is asked of it, of a subclass, or of their objects; what is not put in stays byte for byte."""
    content = text_of(source.encode())
    body = next(one for one in read_class_bodies(content.utf8, content) if one.name == "C")
    found = divide(body, {}, LIMIT)
    if isinstance(found, Whole):
        return
    after, made = divided(content, found, body.start, {"B", "C", "D"})
    assert seen(source, ()) == seen(after.decode(), made)
    for piece in body.pieces:
        assert content.utf8[piece.code : piece.end] in after
    assert after.startswith(content.utf8[: body.start]) and after.endswith(content.utf8[body.end :])
