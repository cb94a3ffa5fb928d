"""Every form of reference, one file in `tests/cases/graph` each: small sources and the edges they must give."""

from __future__ import annotations

from pathlib import Path

import pytest

from decomposer.facts.python import read_python
from decomposer.facts.text import read_text
from decomposer.graph.link import link
from decomposer.model.config import Config
from decomposer.model.edges import Edge
from tests.cases.reading import cases, read_case

CASES = cases("graph")


def show(edge: Edge) -> str:
    """An edge as a case writes it."""
    names = " " + ",".join(edge.names) if edge.names else ""
    text = f"{edge.source} -> {edge.target or '?'} {edge.kind} {edge.line}{names}"
    return text if edge.target else f"{text} | {edge.reason} | {edge.meant}".rstrip()


@pytest.mark.parametrize("reader", ["ast", "libcst"])
@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_each_case_gives_exactly_its_edges(case: Path, reader: str) -> None:
    """Linking the files of a case gives the edges written in it, none missing and none invented."""
    files, expected = read_case(case, "edges")
    python = {path: read_python(text.encode(), reader) for path, text in files.items() if path.endswith(".py")}
    texts = {path: read_text(text.encode(), "app") for path, text in files.items() if not path.endswith(".py")}
    graph, _ = link(Config("", "app", ()), python, texts)
    assert sorted(expected) == sorted(show(edge) for edge in graph.edges)


def test_there_is_a_case_for_each_kind_of_edge() -> None:
    """No kind of reference is without a case."""
    from decomposer.model.edges import KINDS

    covered = {line.split(" -> ")[1].split()[1] for case in CASES for line in read_case(case, "edges")[1]}
    assert set(KINDS) <= covered
