"""Where references stand in a file's bytes: right for every one of them, and none is passed over."""

from __future__ import annotations

import ast
import re
import sysconfig
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from decomposer.model.sites import OF_CALL, DecoratorSite, ImportSite, Sites, TextSite, UseSite
from decomposer.syntax.bytes_of_text import Text, text_of
from decomposer.syntax.sites import read_sites
from tests.conftest import EXAMPLE, ROOT

SAMPLE = 300
_PLAIN = re.compile(rb"'[^'\\\r\n]+'|\"[^\"\\\r\n]+\"")
_GAP = re.compile(r"[ \t\f]|\\(?:\r\n|\r|\n)")


def sample_of_the_library() -> list[Path]:
    """Some files of the standard library, always the same ones of one version, tests of Python's own among them."""
    library = Path(sysconfig.get_path("stdlib"))
    found = sorted(path for path in library.rglob("*.py") if "site-packages" not in path.parts)
    return found[:: -(-len(found) // SAMPLE)]


def reading(paths: list[Path]) -> Iterator[tuple[Path, Text, Sites, ast.Module]]:
    """Every file that Python itself can read, with its sites and its tree."""
    for path in paths:
        source = path.read_bytes()
        try:
            content = text_of(source)
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            continue
        yield path, content, read_sites(source, content), tree


def check(paths: list[Path]) -> int:
    """The number of references that were looked at in some files; all of them are where they are said to be."""
    count = 0
    for path, content, sites, tree in reading(paths):
        assert "" == sites.error, path
        for site in (*sites.imports, *sites.uses, *sites.texts, *sites.decorators):
            try:
                CHECKS[type(site)](content.utf8, site)
            except (AssertionError, SyntaxError) as error:
                raise AssertionError(f"{path}: {site}") from error
            count += 1
        starts = content.line_starts()
        assert [bisect_right(starts, site.start) for site in sites.texts] == [site.line for site in sites.texts], path
        check_complete(content, sites, tree, path)
    return count


def check_import(utf8: bytes, site: ImportSite) -> None:
    """The bytes of a statement are that statement, those of its module and names are these."""
    (node,) = ast.parse(utf8[site.start : site.end]).body
    assert isinstance(node, ast.ImportFrom if site.is_from else ast.Import)
    names = [(alias.name, alias.asname) for alias in node.names]
    assert names == [(name.name, name.bound if name.renamed else None) for name in site.names]
    for name in site.names:
        if name.name != "*":
            (alias,) = ast.parse(b"import " + utf8[name.start : name.end]).body[0].names  # type: ignore[attr-defined]
            assert (name.name, name.bound if name.renamed else None) == (alias.name, alias.asname)
        else:
            assert b"*" == utf8[name.start : name.end]
    if isinstance(node, ast.ImportFrom):
        written = _GAP.sub("", utf8[site.module_start : site.module_end].decode())
        assert "." * site.level + site.module == unicodedata.normalize("NFKC", written)
        assert (site.level, site.module) == (node.level, node.module or "")
    line = re.split(rb"[\r\n]", utf8[max(0, site.start - 200) : site.start])[-1]
    rest = re.split(rb"[\r\n]", utf8[site.end :], maxsplit=1)[0].strip()
    assert site.own_line == (not line.strip() and (not rest or rest.startswith(b"#")))


def check_use(utf8: bytes, site: UseSite) -> None:
    """Each part of `a.b.c` ends where it is said to end, and the first begins where the whole does."""
    if site.in_text:
        assert utf8[site.ends[-1] - 1 : site.ends[-1]] in (b"'", b'"')
        return
    parts = site.name.split(".")
    if site.scope == OF_CALL:
        assert len(parts) == len(site.ends)
        assert b")" == utf8[site.start - 1 : site.start]
    else:
        assert parts[0] == unicodedata.normalize("NFKC", utf8[site.start : site.ends[0]].decode())
    for part, start, end in zip(parts[1:], site.ends, site.ends[1:], strict=False):
        written = unicodedata.normalize("NFKC", utf8[start:end].decode())
        assert written == f".{part}" or re.search(rf"\.(?:.*\W)?{re.escape(part)}\Z", written, re.DOTALL)


def check_text(utf8: bytes, site: TextSite) -> None:
    """The bytes of a literal have its value."""
    raw = utf8[site.start : site.end]
    assert raw[-1:] in (b"'", b'"')
    if _PLAIN.fullmatch(raw):
        assert site.value == raw[1:-1].decode()
    elif "format" not in site.around:
        assert site.value == ast.literal_eval((b"(" + raw + b")").decode())


def check_decorator(utf8: bytes, site: DecoratorSite) -> None:
    """A keyword put in where it says is one of the decorator's."""
    more = utf8[: site.insert_at] + f"{site.before}one_more=1{site.after}".encode() + utf8[site.insert_at :]
    tree = ast.walk(ast.parse(more.decode()))
    functions = [node for node in tree if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    calls = [d for node in functions for d in node.decorator_list if isinstance(d, ast.Call)]
    assert any(keyword.arg == "one_more" for call in calls for keyword in call.keywords)


@pytest.mark.parametrize("decorator", [
    "@task", "@task()", "@task(name)", "@task(name,)", "@task((name), # one, two\n)", "@task(a, # one\n *b, c=d)",
    "@task(**b)", "@task(a=f(1), **b)", "@a.b(\n    x=1,\n)",
])  # fmt: skip
def test_a_decorator_can_take_one_more_keyword(decorator: str) -> None:
    """Whatever arguments it has, and however they are written."""
    utf8 = f"{decorator}\ndef f(): ...\n".encode()
    (site,) = read_sites(utf8, text_of(utf8)).decorators
    check_decorator(utf8, site)


CHECKS: dict[type, Callable[[bytes, Any], None]] = {
    ImportSite: check_import, UseSite: check_use, TextSite: check_text, DecoratorSite: check_decorator,
}  # fmt: skip


def check_complete(content: Text, sites: Sites, tree: ast.Module, path: Path) -> None:
    """Every import, name and string of the tree is there; of what is inside an f-string, only that it is."""
    starts, nodes = content.line_starts(), list(outside_formats(tree))

    def at(node: ast.expr | ast.stmt) -> int:
        return starts[node.lineno - 1] + node.col_offset

    imports = sorted(at(node) for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))
    assert imports == sorted(site.start for site in sites.imports), path
    loads = {at(node) for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load | ast.Del)}
    assert loads == {use.start for use in sites.uses if not use.in_text and use.scope != OF_CALL}, path
    texts = {at(node) for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert texts == {site.start for site in sites.texts if "format" not in site.around}, path


def outside_formats(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes of a tree but those below f-strings."""
    todo = [tree]
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, ast.JoinedStr):
            todo += ast.iter_child_nodes(node)


@pytest.mark.proof
@pytest.mark.filterwarnings("ignore")  # of old escapes in it
def test_places_are_right_in_the_standard_library() -> None:
    assert check(sample_of_the_library()) > 50_000


@pytest.mark.parametrize("root", [EXAMPLE, ROOT / "decomposer", ROOT / "tests"], ids=lambda root: root.name)
@pytest.mark.proof
def test_places_are_right_in_the_example_and_in_the_tool_itself(root: Path) -> None:
    assert check(sorted(root.rglob("*.py"))) > 1_000


ODD = """\
from.a import b;from . import(c)
from  ..  a  .  b \\
  import c \\
  as d, e
from .. \\
  . import x
from ... import (  # why
    a as b,  # c
    c,
)
import  a . b  as  c , d
import a.\\
b
(a).b . c
(a  # x. y
 .b).c()
"é"; é.a; "a" 'b'; ("a"
  "b"); f"é {a.b} {c!r:{d}}" "x"
@a . b
def f(): "doc"
@a.b(  )
@a.b ( 1, )
@(a.b)
def f(x: "a.b" = a.b) -> "a": ...
class A: import a; x = a.b
if a: from a import b # c
__import__("a.b.c").b.c
from é import ﬁ
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_places_are_right_in_odd_spelling(end: str, mark: bytes, encoding: str, tmp_path: Path) -> None:
    """Whatever the line ends, the byte order mark and the encoding are."""
    text = ODD.replace("\n", end)
    if encoding != "utf-8":
        if mark:
            pytest.skip("a byte order mark says UTF-8")
        text = f"# coding: {encoding}{end}" + text.replace("ﬁ", "fi")
    (tmp_path / "odd.py").write_bytes(mark + text.encode(encoding))
    assert check([tmp_path / "odd.py"]) > 30


@pytest.mark.parametrize("source", [
    b"import (", b"x = 1\x00", b"\xff", b"# coding: nothing\n", b"from a import *, b", b"def f():\nimport a",
    b"(" * 3000,
])  # fmt: skip
def test_what_is_no_python_is_told(source: bytes) -> None:
    """The error is a value; nothing is raised."""
    try:
        content = text_of(source)
    except (SyntaxError, UnicodeDecodeError):
        return  # whoever reads the text knows
    sites = read_sites(source, content)
    assert sites.error.startswith("not understood")
    assert () == sites.imports == sites.uses == sites.texts
