"""The two readers of Python, `ast` and LibCST, give the same facts of every file that both can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from decomposer.facts.python import read_python
from decomposer.model.facts import PythonFacts
from tests.conftest import EXAMPLE, ROOT, real_repositories


def facts_of(source: bytes, reader: str) -> dict[str, object]:
    """All facts by name, without the reader's own name."""
    facts = read_python(source, reader)
    return {name: getattr(facts, name) for name in PythonFacts.__struct_fields__ if name != "reader"}


def compare(root: Path) -> int:
    """How many files below a folder were compared and found equal."""
    count = 0
    for path in sorted(root.rglob("*.py")):
        source = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        expected = facts_of(source, "ast")
        if expected["error"]:
            continue
        assert expected == facts_of(source, "libcst"), path
        count += 1
    return count


@pytest.mark.parametrize("root", [EXAMPLE, pytest.param(ROOT / "decomposer", marks=pytest.mark.proof)],
                         ids=lambda root: root.name)  # fmt: skip
def test_readers_agree_on_the_example_and_the_tool_itself(root: Path) -> None:
    """Every file of the example and of the tool gives the same facts through both readers."""
    assert compare(root) > 50


@pytest.mark.proof
def test_readers_agree_on_the_replica(replica: Path) -> None:
    """Every file of the full-size replica gives the same facts through both readers."""
    assert compare(replica / "apps") > 280


@pytest.mark.parametrize("root", real_repositories(), ids=lambda root: root.name)
def test_readers_agree_on_real_applications(root: Path) -> None:
    """Every file of real applications gives the same facts through both readers."""
    assert compare(root) > 50
