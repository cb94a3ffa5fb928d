"""Clients that have an address to begin with: which one a request goes by, and where one is handed on.

A client is followed through names that are bound in the function, the class or the module around it, and through
functions of the file that make one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from msgspec import Struct

from decomposer.syntax.dotted import argument, dotted

BASED = re.compile(rb"\bbase_url\s*=|ClientSession\s*\(")
"""What a file says that has such clients."""
_SESSION = "ClientSession"
_NETWORK = frozenset({"HTTPTransport", "AsyncHTTPTransport"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_SCOPES = (*_FUNCTIONS, ast.ClassDef)
_KEEPING = (ast.Attribute, ast.withitem, ast.Delete, ast.If, ast.Compare, ast.UnaryOp)
"""What may stand around a client's name without handing it on."""
_SENDING = frozenset({"send", "build_request"})
"""Methods of a client by which something is asked that is put together elsewhere."""
_DEEPEST = 8


class Bound(Struct, frozen=True):
    """One binding of a name: its line, and what the name is bound to, None for what is not known."""

    line: int
    value: ast.expr | None


class Clients:
    """The clients of one file by the tree of its source."""

    def __init__(self, tree: ast.Module) -> None:
        self._scope: dict[int, tuple[ast.AST, ...]] = {}
        self._bound: dict[tuple[int, str], list[Bound]] = {}
        self._made: dict[str, list[ast.expr | None]] = {}
        self._parent: dict[int, ast.AST] = {}
        self._nodes = list(ast.walk(tree))
        self._enter(tree)
        for node in self._nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self._made.setdefault(node.name, []).append(self._returned(node))

    def of(self, receiver: ast.expr, depth: int = 0) -> ast.Call | None:
        """The call that made the client which an expression stands for; None where it has no base, or is not known."""
        if depth > _DEEPEST:
            return None
        match receiver:
            case ast.Call() if base_of(receiver) is not None:
                return receiver if _asks_the_network(receiver) else None
            case ast.Call(func=func):
                made = self._made.get(dotted(func).rpartition(".")[2], [])
                return self.of(made[0], depth + 1) if len(made) == 1 and made[0] is not None else None
            case ast.Await(value=value) | ast.NamedExpr(value=value) | ast.BoolOp(op=ast.Or(), values=[*_, value]):
                return self.of(value, depth + 1)
            case ast.Name() | ast.Attribute() if dotted(receiver):
                found = [self.of(value, depth + 1) if value is not None else None for value in self._values(receiver)]
                first = found[0] if found else None
                same = first is not None and all(
                    one is not None and _text(base_of(one)) == _text(base_of(first)) for one in found
                )  # fmt: skip
                return first if same else None
        return None

    def handed_on(self) -> Iterator[tuple[ast.Call, int]]:
        """Each client of which it is not known who asks by it, with the line at which it goes to others."""
        for node in self._nodes:
            if isinstance(node, ast.Call) and base_of(node) is not None and _asks_the_network(node):
                line = self._leaves(node)
                if line:
                    yield node, line

    def held(self, call: ast.Call) -> tuple[str, str]:
        """Where other modules find a client: the class ("" for the module) and the name; ("", "") for nowhere."""
        target = self._target(self._around(call))
        home = self._home(target) if target is not None else None
        if target is None or isinstance(home, _FUNCTIONS):
            return "", ""
        return home.name if isinstance(home, ast.ClassDef) else "", dotted(target).rpartition(".")[2]

    def _leaves(self, call: ast.Call) -> int:
        """The line at which a client goes to others, 0 where it does not."""
        parent = self._around(call)
        if isinstance(parent, ast.Attribute | ast.Expr) or (
            isinstance(parent, ast.withitem) and parent.optional_vars is None
        ):
            return 0
        target = self._target(parent)
        return self._lets_go(target) if target is not None else call.lineno

    def _around(self, call: ast.Call) -> ast.AST:
        """What stands around a client where it is made."""
        parent = self._parent[id(call)]
        while isinstance(parent, ast.Await | ast.BoolOp | ast.NamedExpr):
            parent = self._parent[id(parent)]
        return parent

    @staticmethod
    def _target(parent: ast.AST) -> ast.expr | None:
        """The name that a client is bound to, None for none."""
        match parent:
            case ast.withitem(optional_vars=ast.expr() as target) | ast.AnnAssign(target=target) | \
                    ast.Assign(targets=[target]) if dotted(target):
                return target
        return None

    def _lets_go(self, target: ast.expr) -> int:
        """The line at which a name is used otherwise than to ask by it, 0 for none."""
        name, home = dotted(target), self._home(target)
        for node in self._nodes:
            if not isinstance(node, ast.Name | ast.Attribute) or not isinstance(node.ctx, ast.Load):
                continue
            if dotted(node) == name and self._home(node) is home:
                parent = self._parent[id(node)]
                if not isinstance(parent, _KEEPING) or getattr(parent, "attr", "") in _SENDING:
                    return node.lineno
        return 0

    def _home(self, node: ast.expr) -> ast.AST | None:
        """The scope whose name an expression is: of `self.client` the class around it."""
        scopes = self._scope[id(node)]
        if "." in dotted(node):
            return next((scope for scope in reversed(scopes) if isinstance(scope, ast.ClassDef)), scopes[0])
        name = dotted(node)
        functions = [scope for scope in scopes[1:] if isinstance(scope, _FUNCTIONS)]
        found = (scope for scope in reversed(functions) if (id(scope), name) in self._bound)
        return next(found, scopes[0])

    def _values(self, node: ast.expr) -> list[ast.expr | None]:
        """What a name may be bound to where an expression stands."""
        name, home = dotted(node), self._home(node)
        bound = [one for one in self._bound.get((id(home), name), []) if not _is_none(one.value)]
        if "." not in name and isinstance(home, _FUNCTIONS):  # the last one above
            above = [one for one in bound if one.line <= node.lineno]
            return [above[-1].value] if above else [None]
        return [one.value for one in bound]

    def _enter(self, tree: ast.Module) -> None:
        waiting: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(tree, (tree,))]
        while waiting:
            node, scopes = waiting.pop()
            self._scope[id(node)] = scopes
            inner = (*scopes, node) if isinstance(node, _SCOPES) else scopes
            children = list(ast.iter_child_nodes(node))
            for child in children:
                self._parent[id(child)] = node
            waiting += [(child, inner) for child in reversed(children)]
            for name, line, value in _bindings(node):
                home = self._binding_home(name, inner)
                self._bound.setdefault((id(home), name), []).append(Bound(line, value))

    @staticmethod
    def _binding_home(name: str, scopes: tuple[ast.AST, ...]) -> ast.AST:
        if "." in name:
            return next((scope for scope in reversed(scopes) if isinstance(scope, ast.ClassDef)), scopes[0])
        return next((scope for scope in reversed(scopes) if isinstance(scope, _FUNCTIONS)), scopes[0])

    def _returned(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.expr | None:
        """What a function hands back where that is written once, or always the same."""
        values = [node.value for node in ast.walk(function)
                  if isinstance(node, ast.Return | ast.Yield) and node.value is not None]  # fmt: skip
        clients = [value for value in values if isinstance(value, ast.Call) and base_of(value) is not None]
        same = len({_text(base_of(client)) for client in clients}) == 1 and len(clients) == len(values)
        return clients[0] if same else values[0] if len(values) == 1 else None


def base_of(call: ast.Call) -> ast.expr | None:
    """The address that a client is given when it is made, None for any other call."""
    last = dotted(call.func).rpartition(".")[2]
    if last == _SESSION:
        return argument(call, 0, "base_url")
    return argument(call, -1, "base_url") if last[:1].isupper() else None


def _asks_the_network(call: ast.Call) -> bool:
    """Whether a client asks a server, and not an application in its own process."""
    transport = argument(call, -1, "transport")
    is_network = isinstance(transport, ast.Call) and dotted(transport.func).rpartition(".")[2] in _NETWORK
    within = (transport is not None and not is_network) or argument(call, -1, "app") is not None
    return not within and "Test" not in dotted(call.func).rpartition(".")[2]


def _bindings(node: ast.AST) -> Iterator[tuple[str, int, ast.expr | None]]:
    """The names that a node binds, with its line, and with what where that is known."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _target(target, node.lineno, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            yield from _target(target, node.lineno, value)
        case ast.AugAssign(target=target) | ast.For(target=target) | ast.AsyncFor(target=target):
            yield from _target(target, node.lineno, None)
        case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
            yield from _target(target, value.lineno, value)
        case ast.arg(arg=name):
            yield name, node.lineno, None


def _target(target: ast.expr, line: int, value: ast.expr | None) -> Iterator[tuple[str, int, ast.expr | None]]:
    if dotted(target):
        yield dotted(target), line, value
    else:
        yield from ((dotted(inner), line, None) for inner in ast.walk(target)
                    if isinstance(inner, ast.Name | ast.Attribute) and isinstance(inner.ctx, ast.Store)
                    and dotted(inner))  # fmt: skip


def _is_none(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _text(node: ast.expr | None) -> str:
    return ast.unparse(node) if node is not None else ""
