"""The load order is simulated as Python runs it: cases, random packages, and a real Python that must agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from decomposer.checks.load_graph import Program, cycles, load_graph
from decomposer.checks.load_order import load_failures
from decomposer.checks.load_system import LoadFailure
from decomposer.facts.python import read_python
from decomposer.graph.modules import Modules
from tests.cases.reading import cases, read_case
from tests.checks.importing import Importer
from tests.checks.programs import programs

CASES = cases("load_order")


def program(files: Mapping[str, str]) -> Program:
    """A program from the text of its files."""
    facts = {path: read_python(text.encode()) for path, text in files.items()}
    return Program(Modules("", "app", files, facts), facts, lambda path: files[path].encode())


@pytest.fixture(scope="module")
def importer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Importer]:
    """A Python that imports."""
    process = Importer(tmp_path_factory.mktemp("programs"))
    yield process
    process.close()


def agree(importer: Importer, files: Mapping[str, str]) -> None:
    """Python and the simulation say the same of every module of a program."""
    simulated = program(files)
    starts = sorted(simulated.modules.path_of)
    found = {failure.start: failure for failure in load_failures(simulated, starts, None)}
    groups = cycles(load_graph(simulated).together())
    assert found == {f.start: f for f in load_failures(simulated, starts, frozenset[str]().union(*groups))}
    real = importer.outcomes(files, starts)
    for start in starts:
        told = "\n".join(f"=== {path}\n{text}" for path, text in files.items())
        says = f"{start}: Python says {real[start]}, the simulation {found.get(start)}\n{told}"
        assert bool(real[start]) == (start in found), says
        if real[start] and real[start][4] != "__getattr__":
            failure = found[start]
            path = simulated.modules.path_of[failure.module]
            assert [failure.error, path, failure.line] == [real[start][0], *real[start][2:4]], says


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_each_case_fails_where_it_says(case: Path, importer: Importer) -> None:
    """Every start of a case, and no other, fails in the place and with the chain that the case gives."""
    files, expected = read_case(case, "failures")
    simulated = program(files)
    found = load_failures(simulated, sorted(simulated.modules.path_of), None)
    assert expected == [show(failure) for failure in found]
    if not any(failure.conditional for failure in found):
        agree(importer, files)


def show(failure: LoadFailure) -> str:
    """A failure as a case writes it."""
    chain = " ".join(failure.chain)
    place = f"{failure.module}:{failure.line}"
    condition = " | conditional" if failure.conditional else ""
    return f"{failure.start}: {place} {failure.error} {failure.source}.{failure.name} | {chain}{condition}"


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(programs())
def test_python_agrees_on_random_packages(importer: Importer, files: dict[str, str]) -> None:
    """Python fails on the same first imports as the simulation, in the same file and line, and on no others."""
    agree(importer, files)
