"""LibCST's `case` patterns as the `ast` nodes that CPython makes of them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import libcst as cst

from decomposer.syntax.cst_expressions import read

_SINGLETONS = {"None": None, "True": True, "False": False}


def read_pattern(node: cst.CSTNode) -> ast.pattern:
    """The pattern as `ast` has it."""
    return _PATTERNS[type(node)](node)


def _identifier(name: cst.Name | None) -> str | None:
    return None if name is None else name.value


def _as(node: cst.MatchAs) -> ast.MatchAs:
    pattern = None if node.pattern is None else read_pattern(node.pattern)
    return ast.MatchAs(pattern, _identifier(node.name))


def _sequence(node: cst.MatchList | cst.MatchTuple) -> ast.MatchSequence:
    return ast.MatchSequence([read_pattern(element) for element in node.patterns])


def _mapping(node: cst.MatchMapping) -> ast.MatchMapping:
    keys = [read(element.key) for element in node.elements]
    patterns = [read_pattern(element.pattern) for element in node.elements]
    return ast.MatchMapping(keys, patterns, _identifier(node.rest))


def _class(node: cst.MatchClass) -> ast.MatchClass:
    return ast.MatchClass(
        read(node.cls),
        [read_pattern(element) for element in node.patterns],
        [element.key.value for element in node.kwds],
        [read_pattern(element.pattern) for element in node.kwds],
    )


_PATTERNS: dict[type, Callable[[Any], ast.pattern]] = {
    cst.MatchValue: lambda node: ast.MatchValue(read(node.value)),
    cst.MatchSingleton: lambda node: ast.MatchSingleton(_SINGLETONS[node.value.value]),
    cst.MatchSequenceElement: lambda node: read_pattern(node.value),
    cst.MatchStar: lambda node: ast.MatchStar(_identifier(node.name)),
    cst.MatchList: _sequence,
    cst.MatchTuple: _sequence,
    cst.MatchMapping: _mapping,
    cst.MatchClass: _class,
    cst.MatchAs: _as,
    cst.MatchOr: lambda node: ast.MatchOr([read_pattern(element.pattern) for element in node.patterns]),
}
