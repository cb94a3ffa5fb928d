"""A module's `ast` tree, from either reader."""

from __future__ import annotations

import ast
import warnings

READERS = ("ast", "libcst")


def parse(source: bytes, reader: str) -> ast.Module:
    """The tree of a module's source; `reader` is "ast" or "libcst".

    Raises what the readers raise: SyntaxError, ValueError, RecursionError, MemoryError.
    """
    if reader == "libcst":
        from decomposer.syntax.cst_reader import read_with_libcst

        return read_with_libcst(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes in strings are the author's, not ours to print
        return ast.parse(source)
