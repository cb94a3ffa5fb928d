"""Displays: lists, tuples, sets and dictionaries that are written out, and their elements."""

from __future__ import annotations

import ast
from collections.abc import Collection

DISPLAYS = (ast.List, ast.Tuple, ast.Set, ast.Dict)


def entries(display: ast.expr) -> list[ast.expr]:
    """The elements of a display, by their keys where it has any; none of any other expression."""
    if isinstance(display, ast.Dict):
        return [key for key in display.keys if key is not None]
    return list(display.elts) if isinstance(display, (ast.List, ast.Tuple, ast.Set)) else []


def holding(display: ast.expr, texts: Collection[str]) -> list[ast.expr]:
    """The elements of a display that hold one of these strings."""
    if not isinstance(display, DISPLAYS):
        return []
    keys = display.keys if isinstance(display, ast.Dict) else display.elts
    values = display.values if isinstance(display, ast.Dict) else display.elts
    return [key for key, value in zip(keys, values, strict=True) if key is not None and any(
        isinstance(node, ast.Constant) and node.value in texts for node in ast.walk(value))]  # fmt: skip
