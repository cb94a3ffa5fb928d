"""What holds for every source, text and tree: nothing changes but what must, and git agrees."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decomposer.changeset import Change, ChangeSet
from decomposer.report.patch import render_patch
from decomposer.rewrite.package_path import BEGIN, END, extend_package, extended_folders
from decomposer.rewrite.paths import other_mentions, rewrite_paths
from decomposer.syntax.header import first_statement_offset
from tests.extraction.trees import Tree, apply_changes, git_apply_patch, read_tree, write_tree

few = settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
many = settings(max_examples=250, deadline=None, derandomize=True)

TOPS = ["", "#!/usr/bin/env python\n", "# -*- coding: utf-8 -*-\n", "# Copyright\n\n", "\n\n", "# a remark\n"]
DOCSTRINGS = [
    "", '"""Doc."""\n', "'Doc.'\n", '"""Two\n\nlines."""  # noqa\n', '("a"\n "b")\n', 'r"""Raw é."""; ',
    "'x' \\\n 'y'\n",
]  # fmt: skip
FUTURES = [
    "", "from __future__ import annotations\n", "\n# why\nfrom __future__ import (\n    annotations,\n)\n",
    "from __future__ import annotations; ",
]  # fmt: skip
BODIES = [
    "", "\n\nimport os\n", "import os\n", "from .a import b  # c\nd = b\n", "\n\n\nclass A:\n    x = 1\n", "# end\n",
    'f"""not {1} a docstring"""\n', "b'bytes'\n", "if True:\n    'inner'\n", "x = 'é'",
]  # fmt: skip
FOLDERS = st.lists(st.text("ab./ é\"'\\日", min_size=1, max_size=9), min_size=1, max_size=3, unique=True)


@st.composite
def barrels(draw: st.DrawFn) -> bytes:
    """The bytes of an `__init__.py`: every beginning, in one of the three line ends, with and without a mark."""
    text = "".join(draw(st.sampled_from(parts)) for parts in (TOPS, DOCSTRINGS, FUTURES, BODIES))
    if draw(st.booleans()):
        text = text.rstrip("\n; ")
    text = text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n", "\r"])))
    return (b"\xef\xbb\xbf" if draw(st.booleans()) else b"") + text.encode()


def parses(source: bytes) -> bool:
    """Whether a source is Python: `"doc"; if x:` is not."""
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


SOURCES = barrels().filter(parses)


def extended(source: bytes, *folders: str) -> bytes:
    """A source whose package also looks into these folders."""
    for folder in folders:
        source = extend_package(source, folder, first_statement_offset(source))
    return source


@many
@given(SOURCES, FOLDERS)
def test_a_barrel_keeps_every_other_byte(source: bytes, folders: list[str]) -> None:
    """The lines are put in at one place; before and after it, byte for byte, is what was there."""
    place = first_statement_offset(source)
    result = extended(source, *folders)
    assert result.startswith(source[:place])
    assert result.endswith(source[place:])
    between = result[place : len(result) - len(source) + place].decode().strip("\r\n")
    assert between.startswith(BEGIN)
    assert between.endswith(END)


@many
@given(SOURCES, FOLDERS)
def test_a_barrel_is_extended_once(source: bytes, folders: list[str]) -> None:
    """A folder that is there already changes nothing, and the order in which folders come does not matter."""
    result = extended(source, *folders)
    assert result == extended(result, *folders)
    assert result == extended(source, *reversed(folders))


@many
@given(SOURCES, FOLDERS)
def test_a_barrel_means_what_it_meant(source: bytes, folders: list[str]) -> None:
    """Docstring, `__future__` imports and all statements are as before, and the folders are found in between."""
    before, after = ast.parse(source), ast.parse(extended(source, *folders))
    assert ast.get_docstring(before, clean=False) == ast.get_docstring(after, clean=False)
    place = next(i for i, node in enumerate(after.body) if ast.unparse(node).startswith("from os.path"))
    block = after.body[place : place + 2]
    del after.body[place : place + 2]
    assert ast.dump(before) == ast.dump(after)
    compile(extended(source, *folders), "<barrel>", "exec")
    values: dict[str, list[str]] = {"__path__": ["/repo/app"]}
    exec(compile(ast.Module(block, []), "<block>", "exec"), values)
    assert ["/repo/app", *(os.path.realpath(f"/repo/app/{name}") for name in sorted(folders))] == values["__path__"]


@pytest.mark.parametrize("style", ["quote-style='single'", "line-ending='cr-lf'", "skip-magic-trailing-comma=true"])
def test_a_barrel_that_was_formatted_since_is_extended_once(style: str) -> None:
    """Whatever a formatter made of the lines, they are found again, and a further folder joins those that are there."""
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "--config", f"format.{style}", "-"]
    source = extended(b'"""Doc."""\n\nfrom .a import b\n', "../x", "../it's")
    formatted = subprocess.run(command, input=source, capture_output=True, check=True).stdout
    assert formatted == extended(formatted, "../x", "../it's")
    again = extended(formatted, "../y")
    assert {"../x", "../it's", "../y"} == extended_folders(again)
    assert 1 == again.count(BEGIN.encode())


@pytest.mark.parametrize(
    "folders", [["../x"], ["../x", "../y"], ["../" * 9 + "apps/orders/src/app/services/sales/express"]]
)
def test_a_barrel_needs_no_formatting(folders: list[str]) -> None:
    """The lines are as a formatter would write them, and a linter finds nothing in them."""
    source = extended(b'"""Doc."""\n\nfrom .a import b\n\n__all__ = ["b"]\n', *folders)
    for command in (["format", "--check"], ["check", "--extend-select=I"]):
        options = ["--isolated", "--no-cache", "--stdin-filename=app/__init__.py", "-"]
        done = subprocess.run([sys.executable, "-m", "ruff", *command, *options], input=source, capture_output=True)
        assert 0 == done.returncode, done.stdout.decode()


OLD, NEW = "backend/src/app/orders.py", "apps/orders/src/app/orders.py"
FOLDER, MOVED = "backend/src/app/sales", "apps/orders/src/app/sales"
PATHS = {OLD: NEW, FOLDER: MOVED}
ROOTS = ["", "./", "../", "../../", "/", "/opt/shop/", "~/shop/", "$ROOT/", "${ROOT}/", "{{root}}/"]
WHOLE = [f"{root}{path}" for root in ROOTS for path in (OLD, FOLDER, f"{FOLDER}/", f"{FOLDER}/a.py", f"{OLD}#L3")]
OTHER = [f"{root}{OLD}{end}" for root in ROOTS for end in ("i", ".bak", "-old", "_2")] + [
    f"{before}{OLD}" for before in ("x", "vendor/", "//host/", "caf\xe9/", "a-", "a.", "*/")
] + ["orders.py", "app/orders.py", f"{FOLDER}_old/", "backend/src/app/", "\xff\xfe", "", "backend", "\x0c"]  # fmt: skip


@many
@given(st.lists(st.tuples(st.sampled_from([*WHOLE, *OTHER]), st.sampled_from(" \t\n\"'`,;:=()[]<>|")), max_size=12))
def test_paths_are_rewritten_where_they_are_whole(words: list[tuple[str, str]]) -> None:
    """Whole paths are replaced, below whatever root; what only looks like one keeps its bytes."""
    source = "".join(word + end for word, end in words).encode("latin-1")
    expected = "".join(
        (word.replace(OLD, NEW).replace(FOLDER, MOVED) if word in WHOLE else word) + end for word, end in words
    )
    assert expected.encode("latin-1") == rewrite_paths(source, PATHS)


@many
@given(st.binary(max_size=40), st.sampled_from([*WHOLE, *OTHER]), st.binary(max_size=40))
def test_rewriting_paths_changes_nothing_else(before: bytes, path: str, after: bytes) -> None:
    """In any bytes, only moved paths differ afterwards, a second time changes nothing, and the way back is exact."""
    source = before + path.encode("latin-1") + after
    result = rewrite_paths(source, PATHS)
    names = "|".join(map(re.escape, [OLD, NEW, FOLDER, MOVED])).encode()
    assert re.split(names, source) == re.split(names, result)
    assert result == rewrite_paths(result, PATHS)
    assert source == rewrite_paths(result, {new: old for old, new in PATHS.items()})


@many
@given(st.sampled_from([*WHOLE, *OTHER]), st.sampled_from(["", "first\n", "\n\n"]))
def test_a_path_that_is_not_rewritten_is_told(word: str, above: str) -> None:
    """A moved path that ends as it should is either rewritten or listed with its line, never neither."""
    source = (above + word).encode("latin-1")
    rewritten = rewrite_paths(source, PATHS) != source
    told = other_mentions("doc.md", source, (), PATHS)
    assert not (rewritten and told)
    if word in WHOLE:
        assert rewritten
    elif word.endswith("/" + OLD):
        assert [above.count("\n") + 1] == [problem.line for problem in told]


NAMES = st.one_of(
    st.text("ab é日\"'\\\t\n.-", min_size=1, max_size=8), st.binary(min_size=1, max_size=4).map(os.fsdecode)
).filter(lambda name: name not in (".", "..") and "/" not in name and "\0" not in name and name.lower() != ".git")
LINES = st.lists(
    st.sampled_from([b"a\n", b"b\r\n", b"\n", b"\xff\xfe\n", b"\r", b"-- c\n", b"\x0c\n", b"\\ no\n"]), max_size=30
)
CONTENTS = st.one_of(
    LINES.map(b"".join), st.tuples(LINES.map(b"".join), st.just(b"no end")).map(b"".join), st.binary(max_size=200),
    st.just(b""), st.binary(min_size=1, max_size=60).map(lambda part: part * 9 + b"\0"),
)  # fmt: skip
FILES = st.tuples(st.sampled_from(["100644", "100644", "100755"]), CONTENTS)
ENTRIES = st.one_of(FILES, FILES, FILES, st.tuples(st.just("120000"), st.sampled_from([b"target", b"../x y", b"a/b"])))


@st.composite
def changes(draw: st.DrawFn) -> tuple[Tree, ChangeSet]:
    """A tree and a change set for it: files made, changed, removed, moved as they are and moved with a change."""
    folders = draw(st.lists(NAMES, max_size=3, unique=True))
    names = draw(st.lists(NAMES, min_size=1, max_size=9, unique=True))
    paths = ["/".join([*folders[: draw(st.integers(0, 3))], f"{number}{name}"]) for number, name in enumerate(names)]
    tree: Tree = {}
    made: list[Change] = []
    while paths:
        path = paths.pop()
        mode, content = draw(ENTRIES)
        after_mode, after = draw(ENTRIES)
        action = draw(st.sampled_from(["keep", "make", "change", "remove", "move", "move and change"]))
        if action == "make":
            made.append(Change(path, None, after, after_mode))
            continue
        tree[path] = mode, content
        if action.startswith("move") and paths:
            if action == "move" or ("120000" in (mode, after_mode) and mode != after_mode):
                after_mode, after = mode, content
            made.append(Change(path, content, None, mode, "", mode))
            made.append(Change(paths.pop(), None, after, after_mode, path))
        elif action == "remove":
            made.append(Change(path, content, None, mode, "", mode))
        elif action == "change" and (mode, content) != (after_mode, after):
            made.append(Change(path, content, after, after_mode, "", mode))
    return tree, ChangeSet(tuple(sorted(made, key=lambda change: change.path)))


@few
@given(changes())
def test_git_makes_of_a_patch_what_the_change_set_means(case: tuple[Tree, ChangeSet]) -> None:
    """Applied with git, the patch of any change set gives its tree: bytes, names, permissions, links; and back."""
    tree, change_set = case
    patch = render_patch(change_set)
    assert bool(change_set.changes) == bool(patch)
    if not patch:
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "tree"
        write_tree(root, tree)
        git_apply_patch(root, patch)
        assert apply_changes(tree, change_set) == read_tree(root)
        git_apply_patch(root, patch, "-R")
        assert tree == read_tree(root)
