"""The pytest fixtures that a file defines, and those that it asks for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from decomposer.model.facts import Value

_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Fixture(Value, frozen=True):
    """One fixture: the fixtures that it asks for, the names that it uses, and whether every test has it."""

    name: str
    needs: frozenset[str]
    uses: frozenset[str]
    autouse: bool


class Fixtures(Value, frozen=True):
    """What a test file has to do with fixtures: `asked` are the names that its tests may ask for."""

    defined: tuple[Fixture, ...]
    asked: frozenset[str]


def read_fixtures(source: bytes) -> Fixtures:
    """The fixtures of a file; every parameter and every string that stands for a name counts as asked for.

    Raises SyntaxError or ValueError for what Python cannot read.
    """
    tree = ast.parse(source)
    asked: set[str] = set()
    defined: list[Fixture] = []
    for node in ast.walk(tree):
        if isinstance(node, _Function):
            asked |= _parameters(node)
            decorator = next(_fixture_decorators(node), None)
            if decorator is not None:
                defined.append(_fixture(node, decorator))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            asked.add(node.value)  # of `usefixtures`, `getfixturevalue`, or anything else
    return Fixtures(tuple(defined), frozenset(asked))


def _fixture_decorators(node: _Function) -> Iterator[ast.expr]:
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
        if name == "fixture":
            yield decorator


def _fixture(node: _Function, decorator: ast.expr) -> Fixture:
    keywords = {k.arg: k.value for k in decorator.keywords} if isinstance(decorator, ast.Call) else {}
    named = keywords.get("name")
    name = named.value if isinstance(named, ast.Constant) and isinstance(named.value, str) else node.name
    always = keywords.get("autouse")
    autouse = always is not None and not (isinstance(always, ast.Constant) and not always.value)
    uses = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    return Fixture(name, frozenset(_parameters(node)), frozenset(uses), autouse)


def _parameters(node: _Function) -> set[str]:
    arguments = node.args
    return {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
