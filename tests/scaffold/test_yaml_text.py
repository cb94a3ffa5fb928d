"""What is put into somebody's YAML is put in: everything else stays byte for byte."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from decomposer.scaffold import yaml_text
from decomposer.scaffold.yaml_text import Insertion, block, find, inserted, into_sequence, offset_after, parse, texts

SEQUENCES = {
    "flow": ("a: [x, 'y' ] # why\nb: 1\n", "a: [x, 'y', new, more ] # why\nb: 1\n"),
    "flow over lines": ("a: [\n  x,\n  y,\n]\n", "a: [\n  x,\n  y, new, more,\n]\n"),
    "block": ("a:\n  - x\n  - y # why\n    # still y\n\nb: 1\n",
              "a:\n  - x\n  - y # why\n    # still y\n  - new\n  - more\n\nb: 1\n"),
    "block not indented": ("a:\n- x\n# of b\nb: 1\n", "a:\n- x\n- new\n- more\n# of b\nb: 1\n"),
    "no end of line": ("b: 1\na:\n  - x", "b: 1\na:\n  - x\n  - new\n  - more\n"),
    "other ends of lines": ("a:\r\n  - x\r\n", "a:\r\n  - x\r\n  - new\r\n  - more\r\n"),
}  # fmt: skip


@pytest.mark.parametrize("style", SEQUENCES)
def test_items_are_added_in_a_sequences_own_style(style: str) -> None:
    """Behind the last one, comments staying where they are; it reads as it should."""
    text, expected = SEQUENCES[style]
    changed = inserted(text, list(into_sequence(text, find(parse(text), "a"), ["new", "more"])))
    assert expected == changed
    assert [*texts(find(parse(text), "a")), "new", "more"] == texts(find(parse(changed), "a"))


@pytest.mark.parametrize(("text", "line"), [
    ("s:\n  a: |\n    x\n    y\nt: 1\n", 4), ("s:\n  a:\n    - b: 1\n      c: [2,\n        3]\n\nt: 1\n", 5),
    ("s:\n  a: x\n    # of a\n  # of s\nt: 1\n", 3), ("s: {a: x}\n", 1), ("s:\n  a:\nt: 1\n", 2),
])  # fmt: skip
def test_the_end_of_a_block_is_found(text: str, line: int) -> None:
    """Behind its last line, and comments further in than it, but before what only follows."""
    assert sum(map(len, text.splitlines(keepends=True)[:line])) == offset_after(text, find(parse(text), "s"), 2)


def test_a_block_can_be_taken_out_again() -> None:
    """What is left is what was there, and where the block was is known."""
    text = "a:\n  x: 1\nb: 2\n"
    changed = inserted(text, [Insertion(10, block("things", ["y: 2\n", "z: 3"], 2))])
    assert {"x", "y", "z"} == set(texts(find(parse(changed), "a")))
    assert (text, 10) == yaml_text.without_block(changed, "things")
    assert (text, -1) == yaml_text.without_block(text, "things")


@pytest.mark.parametrize("text", ["", "a: [", "a: 1\n---\nb: 2\n", "a: \x00", "a: \udce9", "- &a [*b]\n", "\t- x"])
def test_what_cannot_be_read_is_nothing(text: str) -> None:
    """No error, and no node."""
    assert parse(text) is None


@pytest.mark.parametrize(("keys", "expected"), [(("a", "x"), ["1", "2"]), (("b", "x"), ["1", "2"]), (("c",), [])])
def test_merged_entries_are_found(keys: Sequence[str], expected: list[str]) -> None:
    """As if they stood in the mapping that merges them."""
    assert expected == texts(find(parse("a: &a\n  x: [1, 2]\nb:\n  <<: *a\n  y: 3\n"), *keys))
