"""A module's top-level statements, each with its bytes and with the names that it binds, uses and acts on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from decomposer.model.sites import Sites
from decomposer.model.units import Unit
from decomposer.syntax.bytes_of_text import Text
from decomposer.syntax.dotted import dotted, text
from decomposer.syntax.header import first_statement_offset
from decomposer.syntax.imports import IMPORT_ERRORS, is_type_checking
from decomposer.syntax.loaded_names import bound_names, certain_names, loaded_names
from decomposer.syntax.parse import parse

_IMPORTS = (ast.Import, ast.ImportFrom)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOGGERS = frozenset({"getLogger", "get_logger"})
OWN = frozenset({"__name__", "globals", "eval", "exec"})
"""Names by which code asks which module it stands in."""
_REST = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_BLANK = re.compile(rb"(?:[ \t\f]*(?:\r\n|\r|\n))*")
_WORDS = re.compile(r"[^\W\d]\w*")


def read_units(source: bytes, content: Text, sites: Sites) -> tuple[Unit, ...]:
    """The units of a module in order; together they are the file but for its head and what follows the last one.

    The head is what has to stay on top: what it is run with, its encoding, its licence.

    Raises SyntaxError for a file that Python cannot read.
    """
    tree = parse(source, "ast")
    places = content.line_starts()
    module_names = sites.scopes[0][1] if sites.scopes else frozenset[str]()
    future = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)
    units: list[Unit] = []
    at = first_statement_offset(content.utf8)
    given = {name for node in tree.body if not _only_declares(node) for name in bound_names(node)}
    for line in lines_of(tree.body):
        first, last = line[0], line[-1]
        start = places[min([first.lineno, *(d.lineno for d in getattr(first, "decorator_list", ()))]) - 1]
        at = min(at, start)
        end = rest_of_line(content.utf8, places[(last.end_lineno or last.lineno) - 1] + (last.end_col_offset or 0))
        code = min(blank_end(content.utf8, at, start), start)
        uses = frozenset(_used(sites, start, end)) & (module_names | OWN)
        units.append(_unit(line, (at, code, end), uses, module_names, future, places, given))
        at = end
    return tuple(units)


def _only_declares(statement: ast.stmt) -> bool:
    """Whether a statement gives a name a type and no value: there is nothing then that could be imported."""
    return isinstance(statement, ast.AnnAssign) and statement.value is None


def lines_of(body: Iterable[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """The statements of a body, those together that share a line."""
    group: list[ast.stmt] = []
    for statement in body:
        if group and statement.lineno > (group[-1].end_lineno or group[-1].lineno) and not _documents(statement, group):
            yield group
            group = []
        group.append(statement)
    if group:
        yield group


def _documents(statement: ast.stmt, group: list[ast.stmt]) -> bool:
    """Whether a statement is a string that tells of the name that the one before it binds."""
    return isinstance(statement, ast.Expr) and text(statement.value) is not None and (
        isinstance(group[-1], (ast.Assign, ast.AnnAssign))
    )  # fmt: skip


def blank_end(utf8: bytes, at: int, start: int) -> int:
    """Where the lines begin that stand between a place and a statement, without the blank ones in front of them."""
    blank = _BLANK.match(utf8, at, start)
    return blank.end() if blank else start


def rest_of_line(utf8: bytes, at: int) -> int:
    """Where the next line begins."""
    rest = _REST.match(utf8, at)
    return rest.end() if rest else len(utf8)


def _used(sites: Sites, start: int, end: int) -> Iterator[str]:
    """The names of the module, and those that are bound nowhere, that are used between two places."""
    for use in sites.uses:
        if start <= use.start < end and use.scope in (0, -1):
            yield use.name.partition(".")[0]
    for quoted in sites.texts:  # an annotation in quotes is looked up in the module when somebody asks for it
        if start <= quoted.start < end and "annotation" in quoted.around:
            yield from _WORDS.findall(quoted.value)


def _unit(
    line: list[ast.stmt], place: tuple[int, int, int], uses: frozenset[str], module_names: frozenset[str], future: bool,
    places: list[int], given: set[str],
) -> Unit:  # fmt: skip
    first, last = line[0], line[-1]
    defines = tuple(name for name in dict.fromkeys(name for statement in line for name in bound_names(statement))
                    if name in given)  # fmt: skip
    loads = frozenset(name for statement in line for name in loaded_names(statement, future)) & module_names
    walked = [node for statement in line for node in ast.walk(statement)]
    rebinds = frozenset(name for node in walked if isinstance(node, ast.Global) for name in node.names)
    kind = _kind(first, defines)
    if len(line) > 1 and not _documents(line[1], line[:1]):
        kind = "import" if all(isinstance(s, _IMPORTS) for s in line) else "value" if defines else "effect"
    named: tuple[tuple[int, int], ...] = ()
    if kind == "logger":
        named = tuple(
            (places[node.lineno - 1] + node.col_offset, places[node.lineno - 1] + node.col_offset + len("__name__"))
            for node in ast.walk(first) if isinstance(node, ast.Name) and node.id == "__name__"
        )  # fmt: skip
    bases = tuple(dotted(b.value if isinstance(b, ast.Subscript) else b) for b in first.bases) \
        if isinstance(first, ast.ClassDef) else ()  # fmt: skip
    decorators = tuple(
        dotted(d.func if isinstance(d, ast.Call) else d) for d in getattr(first, "decorator_list", ())
    )  # fmt: skip
    return Unit(
        *place, first.lineno, last.end_lineno or last.lineno, kind, defines, uses - OWN | (uses & module_names), loads,
        frozenset(_acts(line, loads)) & module_names, rebinds, bool(uses & OWN - module_names) and kind != "logger",
        bases, decorators, named, frozenset(defines) - {name for s in line for name in certain_names(s)},
    )  # fmt: skip


def _kind(statement: ast.stmt, defines: tuple[str, ...]) -> str:
    match statement:
        case ast.Expr(value=ast.Constant()):
            return "docstring"
        case ast.ImportFrom(module="__future__"):
            return "future"
        case ast.Import() | ast.ImportFrom():
            return "import"
        case ast.ClassDef():
            return "class"
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return "function"
        case ast.If() if "__main__" in ast.dump(statement.test):
            return "main"
        case ast.If(orelse=[]) if is_type_checking(statement.test) and _only_imports(statement.body):
            return "typing"
        case ast.Try() if _is_optional(statement):
            return "optional"
    if "__all__" in defines:
        return "exports"
    if len(defines) == 1 and isinstance(statement, ast.Assign) and _makes_logger(statement.value):
        return "logger"
    return "value" if defines else "effect"


def _only_imports(body: Iterable[ast.stmt]) -> bool:
    return all(isinstance(statement, _IMPORTS) for statement in body)


def _is_optional(statement: ast.Try) -> bool:
    """Whether a `try` does nothing but import and give constants to names, so that doing it twice is the same."""
    caught = [dotted(kind).rpartition(".")[2] for handler in statement.handlers if handler.type is not None
              for kind in (handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type])]  # fmt: skip
    body = [*statement.body, *statement.orelse, *statement.finalbody]
    body += [inner for handler in statement.handlers for inner in handler.body]
    return set(caught) <= IMPORT_ERRORS and any(isinstance(inner, _IMPORTS) for inner in statement.body) and all(
        isinstance(inner, (*_IMPORTS, ast.Pass))
        or (isinstance(inner, (ast.Assign, ast.AnnAssign)) and isinstance(inner.value, ast.Constant))
        for inner in body
    )  # fmt: skip


def _makes_logger(value: ast.expr) -> bool:
    """Whether an expression asks for a logger, which is the same one whoever asks for it by its name."""
    return isinstance(value, ast.Call) and dotted(value.func).rpartition(".")[2] in _LOGGERS and all(
        dotted(argument) == "__name__" or text(argument) is not None
        for argument in (*value.args, *(keyword.value for keyword in value.keywords))
    )  # fmt: skip


def _acts(line: list[ast.stmt], loads: frozenset[str]) -> Iterator[str]:
    """The first names of what statements change while they run: `router` of `@router.get(…)` or `app.mount(…)`."""
    for statement in line:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                for decorator in statement.decorator_list:
                    name = dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
                    if "." in name:
                        yield name.partition(".")[0]
                    elif isinstance(decorator, ast.Call):  # `@controller(router)`
                        yield from (dotted(argument).partition(".")[0] for argument in decorator.args)
            case ast.Import() | ast.ImportFrom():
                pass
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                for target in targets:
                    if not isinstance(target, (ast.Name, ast.Tuple, ast.List)):
                        yield from loads & {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}
                    elif isinstance(statement, ast.AugAssign) and isinstance(target, ast.Name):
                        yield target.id
            case _:
                yield from loads
