"""A module without some of its names: what goes with them, what stays, and that what stays is untouched."""

from __future__ import annotations

import ast
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.model.pruning import Gone
from decomposer.syntax.pruned import pruned


def test_a_table_of_names_loses_entries() -> None:
    """With the names that they are found by; a table of which nothing is left goes with what uses it."""
    source = textwrap.dedent("""\
        __all__ = ["a", "b"]
        T = {"a": ".x", "b": ".y"}


        def __getattr__(name):
            return load(T[name])
        """)
    after, _ = pruned(source.encode(), Gone(texts=frozenset({(2, ".y")})))
    assert source.replace(', "b": ".y"', "").replace(', "b"', "") == after.decode()
    after, _ = pruned(source.encode(), Gone(texts=frozenset({(2, ".x"), (2, ".y")})))
    assert "__all__ = []\n" == after.decode()


def without(
    source: str, *names: str, keep: tuple[str, ...] = (), lines: tuple[int, ...] = (), hollow: bool = False
) -> str:
    """The source without the imports that bind these names, and without the statements at these lines."""
    source = textwrap.dedent(source)
    gone = frozenset(
        (node.lineno, alias.asname or alias.name)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
        if (alias.asname or alias.name) in names
    )
    after, _ = pruned(source.encode(), Gone(gone, frozenset(lines), frozenset(keep), hollow))
    ast.parse(after)
    return after.decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from r import a, b\nuse(a)\nuse(b)\n", "from r import a\nuse(a)\n"),
        ("from r import (\n    a,\n    b,  # the second\n)\nuse(a)\nuse(b)\n", "from r import (\n    a,\n)\nuse(a)\n"),
        ("from r import a, b\nfor x in (a, b):\n    use(x)\n", 
         "from r import a\nfor x in (a,):\n    use(x)\n"),
        ("from r import a, b\nfor x in (b, a):\n    use(x)\n",
         "from r import a\nfor x in (a,):\n    use(x)\n"),
        ("from r import a, b\nfor x in (\n    a,\n    b,\n):\n    use(x)\n",
         "from r import a\nfor x in (\n    a,\n):\n    use(x)\n"),
        ("use(1)\n\nfrom s import b\n\n\ndef f():\n    pass\n", "use(1)\n\n\ndef f():\n    pass\n"),
        ("from r import a\nfrom s import b\nfor x in [a.r, b.r]:\n    use(x)\n",
         "from r import a\nfor x in [a.r]:\n    use(x)\n"),
        ("from s import b\nT = {'a': 1, 'b': b}\nuse(T)\n", "T = {'a': 1}\nuse(T)\n"),
        ("from r import a\nfrom s import b\n__all__ = ['a', 'b']\n", "from r import a\n__all__ = ['a']\n"),
        ("try:\n    from s import b\nexcept ImportError:\n    b = None\nif b:\n    use(b)\nend()\n", "end()\n"),
        ("from s import b\n\ndef f():\n    return b()\n\ndef g():\n    return f()\n\nend()\n", "end()\n"),
        ("from s import b\n\ndef f(b):\n    return b\n\nuse(f)\n", "def f(b):\n    return b\n\nuse(f)\n"),
        ("def make():\n    from s import b\n    use(b)\n    return 1\n", "def make():\n    return 1\n"),
        ("import t\nfrom s import b\nuse(t.x, b)\nend()\n", "end()\n"),
        ("import t\nfrom s import b\nuse(b)\n", "import t\n"),
        ("from s import b\nif x:\n    use(b)\nelse:\n    other()\n", "if x:\n    pass\nelse:\n    other()\n"),
        ("from s import b\n@b.get('/')\ndef f(): ...\nend()\n", "end()\n"),
        ("from s import b\nuse(1); use(b)\n", "use(1); pass\n"),
        ("from s import b\nx = b()\nuse(x)\nend()\n", "end()\n"),
        ("start()\nfrom s import b\n\n# about b\nuse(b)\n\n# about the end\nend()\n", "start()\n\n# about the end\nend()\n"),  # noqa: E501
    ],
)  # fmt: skip
def test_what_uses_a_name_goes_with_it(before: str, after: str) -> None:
    """Statements that use what is gone go, of lists and tables only the element, and what nothing uses any more."""
    assert after.lstrip("\n") == without(before, "b").lstrip("\n")


def test_what_others_ask_for_stays() -> None:
    """A name that is used no more stays where somebody else asks the module for it."""
    source = "from r import a\nfrom s import b\nuse(a, b)\n"
    assert "from r import a\n" == without(source, "b", keep=("a",))
    assert "" == without(source, "b")


def test_a_statement_goes_by_its_line_or_that_of_its_decorator() -> None:
    """A route is named by the line of its decorator or of its function."""
    source = "@app.get('/a')\ndef a(): ...\n\n@app.get('/b')\ndef b(): ...\n"
    assert "@app.get('/b')\ndef b(): ...\n" == without(source, lines=(1,)).lstrip()
    assert "@app.get('/a')\ndef a(): ...\n" == without(source, lines=(5,))


def test_a_hollow_module_only_hands_on() -> None:
    """Of a hollow module the docstring, the imports and `__all__` stay."""
    source = '"""Doc."""\n\nfrom r import a\n\nX = 1\n\ndef f(): ...\n\n__all__ = ["a"]\n'
    assert '"""Doc."""\n\nfrom r import a\n\n__all__ = ["a"]\n' == without(source, keep=("a",), hollow=True)


NAMES = st.sampled_from(["a", "b", "c"])
LINES = st.one_of(
    st.builds("use({})".format, NAMES), st.builds("x = {}.y".format, NAMES), st.just("end()  # stays"),
    st.builds("for r in [{}, {}.r]:\n    use(r)".format, NAMES, NAMES),
    st.builds("def f(p={}):\n    return p".format, NAMES),
    st.builds("if {}:\n    use(1)\nelse:\n    use({})".format, NAMES, NAMES),
)  # fmt: skip


@given(st.lists(LINES, max_size=8), st.sampled_from(["b", "c"]))
def test_nothing_that_is_left_uses_what_is_gone(lines: list[str], name: str) -> None:
    """Whatever the module is like: the result is Python, has no use of the name, and only whole lines are missing."""
    source = "from m import a, b, c\n" + "".join(f"{line}\n" for line in lines)
    after = without(source, name)
    used = {node.id for node in ast.walk(ast.parse(after)) if isinstance(node, ast.Name)}
    assert name not in used
    assert after == without(after, name)
