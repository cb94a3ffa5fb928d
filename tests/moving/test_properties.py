"""What holds for every source that names a moved module: nothing changes but what names it, and it means the same.

Sources are put together from import statements, names, strings, comments, brackets and functions, in every line end and
encoding. Each example is a package `app` with a module `app.old` that moves.
"""

from __future__ import annotations

import ast
import io
import json
import re
import subprocess
import sys
import tempfile
import tokenize
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decomposer.model.problems import DecomposerError
from decomposer.rewrite.view import absolute
from decomposer.syntax.bytes_of_text import text_of
from tests.extraction.trees import Tree, apply_changes, write_tree
from tests.moving.move_cases import run

some = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
SOFT = frozenset({tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER})

FILES = {
    "app/__init__.py": "",
    "app/old.py": "from . import side\nfrom .side import s\nclass Old:\n    limit = 1\ndef use(): return s\nname = 1\n",
    "app/side.py": "s = 1\n",
    "app/other.py": "o = 1\nname = 2\n",
    "app/deep/__init__.py": "",
    "app/deep/er.py": "e = 1\n",
    "elsewhere/__init__.py": "",
}
TARGETS = ["app.new", "app.deep.old", "app.deep.new", "app.fresh.er.old", "elsewhere.old", "top"]
IMPORTS = [
    "import app.old", "import app.old as m", "import app.old  as  m, app.side", "import app.side, app.old",
    "import app.old, app.other, os", "from app import old", "from app import old as m", "from app import (old)",
    "from app import other, old", "from app import old, other as o2", "from app import (other, old, side)",
    "from app import (\n{i}    other,  # it\n{i}    old,  # goes\n{i}    side,\n{i})",
    "from app import (  # a\n{i}  old, other\n{i})",
    "from app import other, \\\n{i}    old", "from app \\\n{i}    import old, side", "from app.old import Old",
    "from app.old import (Old, use as u)", "from app.old import Old, \\\n{i}  use", "from app.other import name",
    "from . import old", "from . import side, old", "from .old import Old as P", "from.old import use",
    "from . import(old)", "from .side import s", "from . old import use", "from .deep import er", "import app",
    "from app.deep.er import e", "import os", "from app.old import Old; import app.old; x = app.old.name",
    "import app.side; from app import old, other; y = 1",
    "import app as a", "import app.old as old", "from app import old as old", "from app import *",
    "from . import old,other", "from . import old \\\n{i}  , other", "from app import (old  # where\n{i} , other)",
    "import app.deep.er, app.old", "from . import(\n{i}old\n{i},other)", "from .other import(name)",
]  # fmt: skip
USES = [
    "app.old.Old", "app.old.Old.limit", "app . old . use()", "(app.old).name", "(app  # it\n{i} .old).use()",
    "app.side.s", "app.other.name", "old.Old", "m.Old", "other.name", "[app.old for app in []]",
    "lambda app: app.old", "lambda x=app.old: x", "f'{app.old.name} app.old {{app.old}}'", "app.older.x",
    "(old :=\n{i} 1)", "print(app.old.name, old.name,\n{i}      app.old.use()  # why\n{i})", "x.app.old",
    "app.old.name = 2", "del app.old.__doc__", "app.old.name += 1", "x: app.old.Old = app.old.Old()", "old = app.old",
    "@app.old.use\n{i}def d(): return app.old", "f'{app.old.name!r:>{app.old.limit}}'", "{**app.old.__dict__}",
    "assert app.old, f'app.old {m}'", "match app.old:\n{i}    case app.old.Old.limit: pass\n{i}    case old: pass",
    "def n():\n{i}    global old, m\n{i}    import app.old\n{i}    old = m = app.old", "a.old.use()",
    "f'''{\n{i}app.old\n{i}}'''", "(app.\n{i} old\n{i} .Old)",
]  # fmt: skip
STRINGS = [
    "'app.old'", '"app.old.Old"', 'r"app.old:use"', "'app.old.missing'", "'app.older'", "'my.app.old'", "'old'",
    '"""app.old"""', "'see app.old.use'", "b'app.old'", "open('app/old.py')", "'app.' 'old'", "'python -m app.old'",
    "'é'", "patch('app.old.use')", "import_module('app.old')", "import_module('.old', 'app')", "u'app.old'",
]  # fmt: skip
COMMENTS = ["# app.old", "# from app import old", "#", "# é", "#: noqa", "\x0c", ""]


@st.composite
def statements(draw: st.DrawFn, depth: int, indent: str) -> list[str]:
    """Some statements at one depth, each of one or more lines."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["import", "import", "import", "use", "use", "string", "comment", "block"]))
        space = draw(st.sampled_from(["", "  # app.old", " ", "  # noqa: F401"]))
        if kind == "import":
            lines.append(indent + draw(st.sampled_from(IMPORTS)).replace("{i}", indent) + space)
        elif kind == "use":
            lines.append(indent + draw(st.sampled_from(USES)).replace("{i}", indent) + space)
        elif kind == "string":
            target = draw(st.sampled_from(["", "x = ", "NAMES = "]))
            lines.append(indent + target + draw(st.sampled_from(STRINGS)) + space)
        elif kind == "comment":
            comment = draw(st.sampled_from(COMMENTS))
            lines.append(indent + comment if comment.startswith("#") else comment)
        elif depth < 2:
            heads = ["def f():", "def g(app):", "def h(x: 'app.old.Old') -> app.old.Old:", "class C:", "if True:",
                     "try:", "async def k(old=app.old): # app.old", "for app in []:", "with app.old.use() as old:"]
            head = draw(st.sampled_from(heads))
            body = draw(statements(depth + 1, indent + draw(st.sampled_from(["    ", "\t", " "]))))
            lines += [f"{indent}{head}", *body, f"{body[-1][: len(body[-1]) - len(body[-1].lstrip())]}pass"]
            if head == "try:":
                lines.append(f"{indent}except ImportError: pass")
    return lines or [f"{indent}pass"]


@st.composite
def sources(draw: st.DrawFn) -> bytes:
    """The bytes of a module that parses: in any line end, with or without a mark, an encoding, an end of line."""
    text = "\n".join(draw(statements(0, "")))
    text = draw(st.sampled_from(["", '"""app.old is a module.\n\n>>> from app.old import use\n"""\n'])) + text
    text += draw(st.sampled_from(["\n", "\n", ""]))
    end, kind = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"])), draw(st.sampled_from(["", "", "bom", "latin-1"]))
    if kind == "latin-1":
        return f"# -*- coding: latin-1 -*-\n{text}".replace("\n", end).encode("latin-1")
    return (b"\xef\xbb\xbf" if kind == "bom" else b"") + text.replace("\n", end).encode()


def parses(source: bytes) -> bool:
    """Whether a source is Python, of a kind that a move takes on."""
    try:
        compile(source, "<source>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


SOURCES = sources().filter(parses)


def moved(source: bytes, new: str, path: str = "app/user.py", alias: bool = False) -> Tree:
    """The tree after `app.old` has got its new name, beside a module with the source."""
    files = {name: text.encode() for name, text in FILES.items()} | {path: source}
    tree = {name: ("100644", content) for name, content in files.items()}
    options = frozenset() if alias else frozenset({"--no-alias"})
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "copy"
        write_tree(root, tree)
        after = apply_changes(tree, run(root, (("app.old", new),), options).change_set)
        write_tree(root, after)
        with pytest.raises(DecomposerError):
            run(root, (("app.old", new),), options)
    return after


def text(source: bytes) -> str:
    """A source as text, line ends and all."""
    return text_of(source).utf8.decode()


def tokens(source: bytes) -> list[tuple[int, str]]:
    """The tokens of a source but line ends and indentation."""
    lines = io.StringIO(text(source).replace("\r\n", "\n").replace("\r", "\n"))
    return [(found.type, found.string) for found in tokenize.generate_tokens(lines.readline) if found.type not in SOFT]


def comments(source: bytes) -> list[str]:
    """The comments of a source, in order."""
    return [string for kind, string in tokens(source) if kind == tokenize.COMMENT]


@some
@given(SOURCES, st.sampled_from(TARGETS))
def test_the_result_is_python_in_the_same_bytes(source: bytes, new: str) -> None:
    """It parses; mark, encoding and line ends are those that were there; the moved module is moved."""
    tree = moved(source, new)
    after = tree["app/user.py"][1]
    assert parses(after), after
    assert source.startswith(b"\xef\xbb\xbf") == after.startswith(b"\xef\xbb\xbf")
    ends = set(re.findall(rb"\r\n|\r|\n", source))
    assert set(re.findall(rb"\r\n|\r|\n", after)) <= (ends or {b"\n"})
    assert "app/old.py" not in tree
    assert new.replace(".", "/") + ".py" in tree


@some
@given(SOURCES, st.sampled_from(TARGETS))
def test_comments_stay_in_order(source: bytes, new: str) -> None:
    """All are there, in order, but for those beside a name that left a bracket; directives may be there twice."""
    before, after = comments(source), comments(moved(source, new)["app/user.py"][1])
    rest = iter(after)
    assert all(comment in rest for comment in before if comment != "# goes"), (before, after)
    assert set(before) | {"# goes"} == set(after) | {"# goes"}


@some
@given(SOURCES, st.sampled_from(TARGETS))
def test_no_other_token_changes(source: bytes, new: str) -> None:
    """Without import statements, the module's names and strings that name it, the tokens are what they were."""
    after = moved(source, new)["app/user.py"][1]
    assert rest_of(source, "app.old") == rest_of(after, new)


def rest_of(source: bytes, name: str) -> list[str]:
    """The tokens outside import statements, with every spelling of the moved module made one."""
    told: list[str] = []
    in_import, depth = False, 0
    lines = io.StringIO(text(source).replace("\r\n", "\n").replace("\r", "\n"))
    for found in tokenize.generate_tokens(lines.readline):
        string = found.string
        if found.type in (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT):
            continue
        if found.type == tokenize.NAME and string in ("import", "from"):
            in_import = True
        depth += (string in "([{") - (string in ")]}") if found.type == tokenize.OP else 0
        if found.type == tokenize.NEWLINE or (string == ";" and not depth):
            in_import = False
        elif not in_import:
            told.append(string)
    written = re.sub(r"'\.[\w.]*'", "''", " ".join(told))  # relative names
    last = name.rpartition(".")[2]
    spelled = [re.sub(r"\.", "/", name) + ".py", " . ".join(name.split(".")), name, f".{last}"]
    spelled += [last, f"{last}_"] if name != "app.old" else []
    for way in spelled:
        any_place = way.startswith(".")
        written = re.sub(re.escape(way) if any_place else rf"(?<![\w.]){re.escape(way)}(?!\w)", "@", written)
    return re.sub(r"[().@ ]|old|app", "", written).split()


def imports(source: bytes, package: str) -> list[str]:
    """Every name that a module imports, `module.name as bound`."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            base = absolute(package, node.level, node.module or "")
            found += [f"{base}.{alias.name} as {alias.asname or alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [f"{alias.name} as {alias.asname or ''}" for alias in node.names]
    return found


def expressions(source: bytes) -> list[str]:
    """Every expression of a module."""
    return sorted(ast.dump(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.expr))


@some
@given(SOURCES, st.sampled_from(TARGETS[:4]))
def test_imports_bind_the_same_names_to_the_same_modules(source: bytes, new: str) -> None:
    """The moved module by its new name; what is imported besides is that module, or the package that bound its name."""
    def renamed(told: str) -> str:
        return re.sub(r"\Aapp\.old\b", new, told)

    before = Counter(map(renamed, imports(source, "app")))
    after = Counter(imports(moved(source, new)["app/user.py"][1], "app"))
    assert {told for told in before - after if told != f"{new} as "} == set()
    assert {told.partition(" as ")[0] for told in after - before} <= {new, "app"}


@some
@given(SOURCES.filter(lambda told: not re.search(rb"\(app\)|for app|lambda app", told)), st.sampled_from(TARGETS[:4]))
def test_the_way_back_means_the_same(source: bytes, new: str) -> None:
    """Moved there and back, every import is there again and every expression is what it was."""
    there = moved(source, new)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "copy"
        write_tree(root, there)
        back = apply_changes(there, run(root, ((new, "app.old"),), frozenset({"--no-alias"})).change_set)
    after = back["app/user.py"][1]
    assert {**FILES} == {path: text(back[path][1]) for path in FILES}
    assert Counter() == Counter(imports(source, "app")) - Counter(imports(after, "app"))
    assert expressions(source) == expressions(after)


PROBE = """
import importlib, json, pathlib, sys
told = {}
for folder in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    for name in [name for name in sys.modules if name.split(".")[0] in ("app", "elsewhere", "top")]:
        del sys.modules[name]
    sys.path[:] = [str(folder), *[part for part in sys.path if not part.startswith(sys.argv[1])]]
    importlib.invalidate_caches()
    for path in sorted(folder.rglob("*.py")):
        name = ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
        try:
            importlib.import_module(name)
        except Exception as error:
            told[f"{folder.name}:{name}"] = f"{type(error).__name__}: {error}"
print(json.dumps(told))
"""


def test_every_import_of_the_result_resolves(tmp_path: Path) -> None:
    """Each generated package imports after the move, by whatever name it is imported, wherever it did before."""
    known: list[tuple[bytes, Tree]] = []

    @settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(SOURCES, st.sampled_from(TARGETS), st.booleans())
    def collect(source: bytes, new: str, alias: bool) -> None:
        known.append((source, moved(source, new, alias=alias)))

    collect()
    for number, (source, after) in enumerate(known):
        before = {name: ("100644", content.encode()) for name, content in FILES.items()}
        write_tree(tmp_path / "all" / f"{number:03}-before", before | {"app/user.py": ("100644", source)})
        write_tree(tmp_path / "all" / f"{number:03}-after", after)
    command = [sys.executable, "-B", "-c", PROBE, str(tmp_path / "all")]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    for number, (source, after) in enumerate(known):
        failed = told.get(f"{number:03}-before:app.user")
        for name, error in told.items():
            if name.startswith(f"{number:03}-after:"):
                assert failed is not None, (name, error, source, after["app/user.py"][1])
    assert len([1 for number in range(len(known)) if f"{number:03}-before:app.user" not in told]) > 10


def variants() -> list[Callable[[str], bytes]]:
    """Every way of writing a text down that the properties know."""
    return [
        lambda told: told.encode(), lambda told: told.replace("\n", "\r\n").encode(),
        lambda told: told.replace("\n", "\r").encode(), lambda told: b"\xef\xbb\xbf" + told.encode(),
        lambda told: f"# coding: latin-1\n{told}".encode("latin-1"),
        lambda told: f"# coding: utf-8\n{told}".replace("\n", "\r").encode(), lambda told: told.rstrip("\n").encode(),
        lambda told: f"\x0c\n{told}\x0c\n".encode(),
        lambda told: f"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n{told}".encode("cp1252"),
    ]  # fmt: skip


@pytest.mark.parametrize("write", variants())
def test_each_import_alone_is_respelled_in_every_spelling(write: Callable[[str], bytes]) -> None:
    """One import of each form, in each line end and encoding: what is not the module's name is as it was."""
    told = "é = 1\n" + "".join(form.replace("{i}", "") + "  # é\n" for form in IMPORTS if "#" not in form)
    source = write(told)
    after = moved(source, "app.new")["app/user.py"][1]
    assert [line.replace("app.old", "app.new") for line in imports(source, "app")] == imports(after, "app")
    assert text(source).count("é") <= text(after).count("é")
    assert text_of(source).newline() == text_of(after).newline()
    assert text_of(source).encoding == text_of(after).encoding
