"""What holds whatever else a file says: sources from Python's grammar, with references to a moved module among them.

The statements are made by hypothesmith and name nothing of ours; where the references are and how each has to be
spelled afterwards is known, so what has to come out is known to the byte: comments, blanks and all.
"""

from __future__ import annotations

import ast
import os
import re
from functools import cache

import hypothesmith
import libcst
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from decomposer.facts.python import read_python
from decomposer.moving import move_writes
from decomposer.planning.moves import plan_moves
from tests.moving.test_properties import FILES, comments, parses

EXAMPLES = int(os.environ.get("DECOMPOSE_EXAMPLES", "12"))
"""Of each property; more of them take long to make: an `if` out of the grammar half a second."""
some = settings(max_examples=EXAMPLES, deadline=None, derandomize="DECOMPOSE_EXAMPLES" not in os.environ, database=None,
                suppress_health_check=list(HealthCheck), phases=[Phase.generate])
pytestmark = [pytest.mark.proof, pytest.mark.filterwarnings("ignore::SyntaxWarning")]  # `1()` is in the grammar

TARGETS = {"app.new": ".", "app.deep.new": ".deep"}
"""New names, and the package of each as `app` imports it."""
REFERENCES = [
    "import {name}", "import os, {name} as m  # app.old", "from {name} import Old, \\\n{i}  use",
    "from {name} import (Old,  # app.old\n{i}    use as u)", "from {dots}{last} import name", "from .side import(s)",
    "'{name}.use'", "patch(  '{name}.use' , 1)", "z: '{name}.Old' = {name}.Old( )", "x = {name}.Old.limit",
    "print(f'{{{name}.name!r}} app.old')", "@{name}.use\n{i}def d(): pass", "# from app import old",
    "app . side", "y = app.older",
]  # fmt: skip
NODES = (libcst.Assign, libcst.Call, libcst.FunctionDef, libcst.ClassDef, libcst.Subscript, libcst.Lambda,
         libcst.Comparison, libcst.FormattedString)
FACTS = {path: read_python(source.encode()) for path, source in FILES.items()}


def moved(files: dict[str, bytes], old: str, new: str) -> dict[str, bytes]:
    """The files after a move that leaves no alias."""
    plan = plan_moves([(old, new)], list(files), lambda _: [], files.get)
    facts = {path: FACTS.get(path) if files[path] == FILES.get(path, "").encode() else None for path in files}
    python = {path: known or read_python(files[path]) for path, known in facts.items()}
    writes, problems = move_writes(plan, "", False, python, {}, list(files), files.get, lambda _: "100644")
    assert [] == [problem for problem in problems if problem.severity == "error"]
    changed = {write.path: write.content for write in writes}
    after = files | {path: content for path, content in changed.items() if content is not None}
    return {path: content for path, content in after.items() if changed.get(path, content) is not None}


def tree_of(source: bytes) -> dict[str, bytes]:
    """The example with a module that uses it."""
    return {**{path: text.encode() for path, text in FILES.items()}, "app/user.py": source}


@cache
def chunks() -> st.SearchStrategy[str]:
    """Statements of any kind, or only blanks and comments."""
    made = [hypothesmith.from_grammar(auto_target=False)]
    made += [hypothesmith.from_node(node, auto_target=False) for node in NODES]
    return st.one_of(*made).filter(lambda told: not re.search(r"app|old|use|name|coding|import|__", told))


@st.composite
def sources(draw: st.DrawFn) -> tuple[str, str, str]:
    """A module as it is and as it has to be, and the new name of what moves."""
    new = draw(st.sampled_from(sorted(TARGETS)))
    before, after = ["import app.old, app.side\n"], [f"import {new}, app.side\n"]
    for _ in range(draw(st.integers(1, 4))):
        chunk = draw(chunks())
        indent = draw(st.sampled_from(["", "", "  ", "\t"]))
        head = f"if {draw(st.sampled_from('abc'))}:\n" if indent else ""
        told = draw(st.sampled_from(REFERENCES)).removeprefix("{i}")
        tail = draw(st.sampled_from(["", "  # app.old", "; pass"]))
        tail = "" if ("\n" in told and "def" in told) or told.startswith("#") else tail
        for lines, name, dots in ((before, "app.old", "."), (after, new, TARGETS[new])):
            last = name.rpartition(".")[2]
            dotted = dots if dots == "." else f"{dots}."
            line = told.format(name=name, dots=dotted, last=last, i=indent)
            lines += [_ended(chunk), head, f"{indent}{line}{tail}\n", f"{indent}pass\n" if head else ""]
    mark, end = draw(st.sampled_from(["", "\ufeff"])), draw(st.sampled_from(["\n", "\n", "\r\n"]))
    told = [mark + "".join(lines) for lines in (before, after)]
    if "\r" not in told[0]:
        told = [one.replace("\n", end) for one in told]
    return told[0], told[1], new


def _ended(chunk: str) -> str:
    return chunk if chunk.endswith(("\n", "\r")) or not chunk else f"{chunk}\n"


def _fits(example: tuple[str, str, str]) -> bool:
    return all(parses(told.encode()) for told in example[:2])


SOURCES = sources().filter(_fits)


@some
@given(SOURCES)
def test_nothing_but_the_references_changes_among_any_statements(example: tuple[str, str, str]) -> None:
    """Each byte outside the references stays, comments among them, and moved back it is the file that it was."""
    before, expected, new = example
    there = moved(tree_of(before.encode()), "app.old", new)
    after = there["app/user.py"]
    assert expected.encode() == after
    assert comments(before.encode()) == comments(after)
    assert tree_of(before.encode()) == moved(there, new, "app.old")


@st.composite
def replaced(draw: st.DrawFn) -> tuple[str, str, str]:
    """A module in which names that its statements read, wherever they stand, are the moved module's."""
    new = draw(st.sampled_from(sorted(TARGETS)))
    source = draw(st.lists(chunks(), min_size=1, max_size=3).map(lambda told: "".join(map(_ended, told))))
    marked = source.encode()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return source, "", new
    inside = {id(n) for told in ast.walk(tree) if isinstance(told, ast.JoinedStr) for n in ast.walk(told)}
    read = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    names = [n for n in read if id(n) not in inside]
    lines = re.split(rb"(?<=\n)|(?<=\r)(?!\n)", marked)
    places = sorted({(sum(map(len, lines[: n.lineno - 1])) + n.col_offset, n.id) for n in names}, reverse=True)
    for start, name in places:
        if marked[start : start + len(name.encode())] == name.encode() and draw(st.booleans()):
            marked = marked[:start] + b"@@" + marked[start + len(name.encode()) :]
    told = [f"import {name}\n" + marked.decode().replace("@@", f"{name}.name") for name in ("app.old", new)]
    return told[0], told[1], new


@some
@given(replaced().filter(_fits).filter(lambda example: example[0].count("app.old") > 1))
def test_a_name_is_respelled_wherever_the_grammar_lets_it_stand(example: tuple[str, str, str]) -> None:
    """Among decorators, defaults, slices, conditions and comprehensions, between continued lines and form feeds."""
    before, expected, new = example
    after = moved(tree_of(before.encode()), "app.old", new)["app/user.py"]
    assert expected.encode() == after
    same = ast.dump(ast.parse(before)).replace("attr='old'", "attr='new'").replace("'app.old'", "'app.new'")
    if new == "app.new":
        assert same == ast.dump(ast.parse(after))
