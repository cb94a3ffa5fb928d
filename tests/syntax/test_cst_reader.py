"""LibCST's reader gives the tree of the standard parser, line for line, and goes on where that one stops."""

from __future__ import annotations

import ast
import itertools
import os
import re
import sys
import sysconfig
import warnings
from pathlib import Path

import libcst
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decomposer.syntax import cst_reader
from decomposer.syntax.cst_reader import read_with_libcst
from decomposer.syntax.logical_lines import LogicalLines, logical_lines

ROOT = Path(__file__).resolve().parents[2]
STANDARD_LIBRARY = Path(sysconfig.get_paths()["stdlib"])
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def snippets(section: str) -> list[str]:
    """The pieces of one section of the table beside this file."""
    text = Path(__file__).with_name("snippets.txt").read_text(encoding="utf-8")
    table = text.partition(f"\n[{section}]\n")[2].partition("\n\n")[0]
    return [piece.replace("⏎", "\n") for piece in re.split(r"  +|\n", table) if piece]


EXPRESSIONS, PATTERNS = snippets("expressions"), snippets("patterns")
STATEMENTS, CLAUSES = snippets("statements"), snippets("clauses")
HEADERS = [f"{header}B" for header in snippets("headers")]
NEWER_FSTRINGS = snippets("newer f-strings")


def parsed(source: bytes) -> ast.Module | None:
    """The standard parser's tree, or None where this interpreter cannot read the source."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError):
            return None


def lines_of(tree: ast.Module) -> list[tuple[str, int, int | None]]:
    """Where each statement, handler and decorator begins, and where each definition ends."""
    places: list[tuple[str, int, int | None]] = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.stmt, ast.excepthandler)):
            end = node.end_lineno if isinstance(node, DEFINITIONS) else None
            places.append((type(node).__name__, node.lineno, end))
        places += [("@", decorator.lineno, None) for decorator in getattr(node, "decorator_list", ())]
    return places


def assert_same(source: bytes) -> None:
    """Both readers give one tree, with statements on the same lines."""
    expected, actual = parsed(source), read_with_libcst(source)
    assert expected is not None, source
    if sys.version_info[:2] == (3, 12):  # which puts empty texts into format specifications
        for node in ast.walk(expected):
            if isinstance(node, ast.JoinedStr):
                node.values = [value for value in node.values if getattr(value, "value", None) != ""]
    assert ast.dump(expected) == ast.dump(actual), source
    assert lines_of(expected) == lines_of(actual), source


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_is_read_as_ast_reads_it(expression: str) -> None:
    """With every other thing in a line that could be mistaken for a part of it."""
    source = f"x = {expression}\nf(1, ({expression}), '#')\nprint((\n{expression}\n), 1)\ny = 1\n".encode()
    if sys.version_info[:2] == (3, 12) and "{b}" in expression and parsed(source) is None:
        pytest.skip("the first releases of 3.12 cannot build this tree themselves")
    assert_same(source)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_is_read_as_ast_reads_it(pattern: str) -> None:
    """With the block on the same line and on the next."""
    assert_same(f"match x, y:\n  # why\n  case {pattern}: pass\n  case {pattern}:\n    x = 1\n".encode())


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("statement", STATEMENTS + HEADERS + CLAUSES)
def test_a_statement_is_read_as_ast_reads_it(statement: str, newline: str) -> None:
    """Alone and between others, with blocks of every kind, with every kind of line end."""
    blocks = ("\n  x\n  y", " x; y", " (\n1)", " x = (1,\n2); y; (\n3)") if "B" in statement else ("",)
    for expression, block in itertools.product(("a", "(yield)", "f(\n1,\n'''\n''')"), blocks):
        whole = re.sub(r"\bE\b", expression.replace("\n", r"\n"), statement.replace("B", block))
        among = f"\f\n# first\n{whole}\n# last\n\\\n\n\nz\n  "
        for source in (whole.rstrip(" \\\n"), f"{whole}\n\n{whole}\n", among):
            assert_same(source.replace("\n", newline).encode())


@st.composite
def modules(draw: st.DrawFn) -> str:
    """Statements of all kinds, nested at random, with blank lines, comments, form feeds and tabs between."""

    def filled(template: str) -> str:
        return re.sub(r"\bE\b", lambda _: f"({draw(st.sampled_from(EXPRESSIONS))})", template)

    def suite(indent: str, depth: int) -> str:
        if draw(st.booleans()):
            simple = draw(st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=2))
            return " " + "; ".join(filled(statement.rstrip(";\\\n ")) for statement in simple)
        comment = draw(st.sampled_from(["\n", " # it's\n"]))
        return comment + block(indent + draw(st.sampled_from(["  ", "\t"])), depth - 1).rstrip("\n")

    def statement(indent: str, depth: int) -> str:
        kinds = [STATEMENTS, STATEMENTS, HEADERS, CLAUSES, PATTERNS] if depth else [STATEMENTS]
        kind = draw(st.sampled_from(kinds))
        template = draw(st.sampled_from(kind))
        if kind is PATTERNS:
            template = f"match E:\n case {template}:B"
        first, *rest = re.split("(?<=:)B", template.replace("\n", f"\n{indent}"))
        return indent + filled(first) + "".join(
            suite(indent + " " if kind is PATTERNS else indent, depth) + filled(part) for part in rest
        )  # fmt: skip

    def block(indent: str, depth: int) -> str:
        between = st.sampled_from(["", "", "\n", "# '(\n", f"{indent}# [\n", " \f\n"])
        size = draw(st.integers(1, 3))
        return "".join(draw(between) + statement(indent, depth) + "\n" for _ in range(size))

    return block("", 3)


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(modules(), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_any_module_is_read_as_ast_reads_it(module: str, newline: str, bom: bool) -> None:
    """With or without a byte order mark, with either line end."""
    source = (b"\xef\xbb\xbf" if bom else b"") + module.replace("\n", newline).encode()
    if parsed(source) is not None:
        assert_same(source)


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\n",
        b"# only a comment",
        b"\xef\xbb\xbf",
        b"\xef\xbb\xbfx = 1",
        b"# coding: latin-1\nx = '\xe9\xa0'\n\xe9 = 1\n",
        b"#!/bin/sh\n# -*- coding: cp1252 -*-\nx = b'a', '\x80'\n",
        "ﬁ = ǆ.ª\nfrom ﬁ.ª import ﬁ as ª\nglobal ﬁ, ª\ndef ﬁ(ª, *ﬁ): 'ﬁ'; f(ª=1, b='…')\n".encode(),
        "match ﬁ:\n case C(ª=ﬁ): x = f'ﬁ{ﬁ}'\n".encode(),
        b"\x0cx = 1\n\x0c\ndef f():\n\x0c  pass\n\x0c\n  x\n",
        b"if x:\n\ty\n\tif z:\n\t\tpass\n        # eight\n",
        b"'''\r\n\\\r\n\r'''; y\rx = '\\\r\n'\r\n",
        b"\\\n\\\nx = 1\n\\\n\nif x:\n  y\n",
        b"x = 1 # type: int\nfor x in y: # type: ignore\n  pass\n",
        b"def f(): return \\\n  1; \\\n  2\nclass C: x = (\n1); \\\n\n@f\n\n# why\n@g\nclass D: pass",
    ],
)
def test_bytes_of_every_kind_are_decoded_as_ast_decodes_them(source: bytes) -> None:
    """Encodings, line ends, form feeds, tabs and identifiers that have two spellings."""
    assert_same(source)


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("class C[T: A, *Ts, **P](B): pass", "class C(B): pass"),
        ("async def f[T: (int, str)](a: T) -> T:\n  x", "async def f(a: T) -> T:\n  x"),
        ("def f[T = int, *Ts = *A, **P = [int]](): pass", "def f(): pass"),
        ("type X = int\ntype Y[T] = list[T]", "X = int\nY = list[T]"),
        ("try: x\nexcept A, B: y", "try: x\nexcept (A, B): y"),
        ("try: x\nexcept* A, B: y", "try: x\nexcept* (A, B): y"),
        ("lazy import a.b as c, d", "import a.b as c, d"),
        ("lazy from .a import b as c", "from .a import b as c"),
        ("x = t'a{b!r:c}{{'\ny", "x = f'a{b!r:c}{{'\ny"),
        ('f"{a["b"]}"\nx', "f'{a[\"b\"]}'\nx"),
        ('f"""{a = # why\n}"""\nx', 'f"""{a = \n}"""\nx'),
        ('f"{\na # it\'s\n}"\nx', "f'''{\na\n}'''\nx"),
    ],
)
def test_newer_syntax_is_read_as_its_nearest_relative(newer: str, older: str) -> None:
    """Unless the running interpreter knows it: then the trees are equal."""
    if parsed(newer.encode()) is not None and not newer.startswith("x = t"):
        assert_same(newer.encode())
    else:
        expected, actual = ast.parse(older), read_with_libcst(newer.encode())
        for node in ast.walk(actual):
            if hasattr(node, "type_params"):
                node.type_params = []  # 3.12 knows parameters but no defaults
        assert ast.dump(expected) == ast.dump(actual)
        assert [line for _, line, _ in lines_of(expected)] == [line for _, line, _ in lines_of(actual)]


@pytest.mark.parametrize("fstring", NEWER_FSTRINGS)
def test_logical_lines_end_where_newer_fstrings_end(fstring: str) -> None:
    """Quotes, brackets and comments within them do not mislead."""
    text = "x = F\ny = (1,\nF\n); z; [F, '''\n''', F]\nif F: F\nz = F # why\n".replace("F", fstring)
    found, rendered = logical_lines(text), cst_reader._rendered_lines(libcst.parse_module(text))
    assert (rendered.starts, list(rendered.ends)) == (found.starts, list(found.ends))


@pytest.mark.parametrize("broken", [[], [1], [1] * 99, ValueError])
def test_a_misunderstood_module_is_rendered(broken: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tree and its lines stay right when too few or too many logical lines are found."""

    def misunderstand(text: str) -> LogicalLines:
        if isinstance(broken, list):
            return LogicalLines(broken, broken)
        raise ValueError

    monkeypatch.setattr(cst_reader, "logical_lines", misunderstand)
    for header in HEADERS + CLAUSES:
        source = header.replace("B", " x = (\n1); y") + "\n\n" + header.replace("B", "\n  x\n")
        assert_same(re.sub(r"\bE\b", "(\na)", source).encode())


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (b"x = 1\ndef f(:\n", 2),
        (b"x = 1\n\n  y\n", 3),
        (b"x\ny\n'''\n", 3),
        (b"x\r\ny\r\nz = = 1\r\n", 3),
        (b"x = 1\ny = '\xff'\n", 2),
        (b"x\n" * 9 + b"y = '\xff'\n", 10),
        (b"# coding: nonsense\n", 1),
        (b"# coding: idna\n\n'\xff'", 3),
        (b"x\n\0", 2),
        (b"x\nif x:\n  y = f(\n'\\N{NO SUCH CHARACTER}')\n", 3),
        (b"x\ny = (\n'\\U00110000')\n", 2),
        (b"x\ny = " + b"1" * 5000, 2),
    ],
)
def test_what_is_not_python_is_a_syntax_error_with_its_line(source: bytes, line: int) -> None:
    """Whoever it is that finds the error."""
    with pytest.raises(SyntaxError) as caught:
        read_with_libcst(source)
    assert line == caught.value.lineno


def test_long_chains_need_no_deep_recursion() -> None:
    """Generated code has them: sums, conditions and `elif`s by the hundred."""
    chain = "if x: pass\n" + "elif x: pass\n" * 400
    for source in (" + ".join("x" * 800), " and ".join("x" * 800), " ".join(["'x'"] * 800), chain):
        statements = read_with_libcst(source.encode()).body
        assert len(statements) == 1


def assert_files_same(files: list[Path]) -> None:
    """Equal trees of all files that both can read, which must be nearly all."""
    unread = []
    for file in files:
        source = file.read_bytes()
        if parsed(source) is None:
            continue
        try:
            assert_same(source)
        except (SyntaxError, RecursionError):
            unread.append(file)
    assert len(unread) <= 1 + len(files) // 200, unread


@pytest.mark.proof
def test_every_file_of_the_project_is_read_as_ast_reads_it() -> None:
    """The example is part of it."""
    folders = (ROOT / name for name in ("decomposer", "tests", "examples", "benchmarks"))
    assert_files_same([file for folder in folders for file in sorted(folder.rglob("*.py"))])


@pytest.mark.proof
def test_the_standard_library_is_read_as_ast_reads_it() -> None:
    """A sample of some 150 files, the same in every run, with the hardest of CPython's own tests."""
    files = sorted(file for file in STANDARD_LIBRARY.rglob("*.py") if "site-packages" not in file.parts)
    small = [file for file in files if file.stat().st_size < 30_000]
    topics = ("fstring", "patma", "string_literals", "unpack_ex", "named_expressions", "except_star")
    hard = [file for file in files if file.stem.removeprefix("test_") in topics]
    assert_files_same(small[:: max(1, len(small) // 145)] + hard)


@pytest.mark.skipif(not os.environ.get("DECOMPOSE_REAL"), reason="DECOMPOSE_REAL names no folders")
def test_real_applications_are_read_as_ast_reads_them() -> None:
    """In the folders that the environment names."""
    folders = os.environ["DECOMPOSE_REAL"].split(os.pathsep)
    files = [file for folder in folders for file in sorted(Path(folder).rglob("*.py"))]
    assert_files_same([file for file in files if file.is_file()])
