"""The load order is simulated as Python runs it: cases, random packages, and a real Python that must agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decomposer.checks.load_graph import Program, cycles, load_graph
from decomposer.checks.load_order import load_failures, new_load_failures
from decomposer.checks.load_system import LoadFailure
from decomposer.facts.python import read_python
from decomposer.graph.modules import Modules
from tests.cases.reading import cases, read_case
from tests.checks.importing import Importer
from tests.checks.programs import programs

CASES = cases("load_order")
KINDS = ("ImportError", "ModuleNotFoundError", "AttributeError", "NameError")


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
        if real[start] and real[start][4] != "__getattr__" and real[start][0] in KINDS:
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


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(programs())
def test_python_agrees_on_random_packages(importer: Importer, files: dict[str, str]) -> None:
    """Python fails on the same first imports as the simulation, in the same file and line, and on no others."""
    agree(importer, files)


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(programs(), programs(), st.data())
def test_what_is_new_is_found_without_trying_everything(
    before: dict[str, str], other: dict[str, str], data: st.DataObject
) -> None:
    """The modules around a change are enough: no other start of the whole package shows a failure that is new."""
    taken = data.draw(st.lists(st.sampled_from(sorted(other)), max_size=3, unique=True))
    old, new = program(before), program({**before, **{path: other[path] for path in taken}})
    was = {(f.start, f.module, f.name) for f in load_failures(old, sorted(old.modules.path_of), None)}
    found = load_failures(new, sorted(new.modules.path_of), None)
    packages = {
        start: start if old.modules.exists(start) else start.rpartition(".")[0] for start in new.modules.path_of
    }
    places = {
        (new.modules.path_of[f.module], f.line)
        for f in found
        if not {(start, f.module, f.name) for start in (packages[f.start], "app")} & was
    }
    assert places == {(problem.path, problem.line) for problem in new_load_failures(old, new, (), {})}


BEFORE = {
    "app/__init__.py": "",
    "app/billing.py": "from .wallet import Wallet\nclass Bill: ...\n",
    "app/wallet.py": "class Wallet: ...\n",
    "app/main.py": "from . import billing\n",
}


def test_a_new_cycle_is_a_problem_with_its_path() -> None:
    """One problem for each place, with the cycle and how many first imports show it."""
    after = {**BEFORE, "app/wallet.py": "from .billing import Bill\nclass Wallet: ...\n"}
    problems = new_load_failures(program(BEFORE), program(after), ("app.main",), {})
    assert [
        "app/billing.py:1: app.wallet -> app.billing -> app.wallet: `Wallet` is not bound yet "
        "when `app.wallet` is imported first",
        "app/wallet.py:1: app.billing -> app.wallet -> app.billing: `Bill` is not bound yet "
        "when `app.billing` is imported first (and with 1 more)",
    ] == [f"{problem.place()}: {problem.message}" for problem in problems]
    assert {("load-cycle", "error")} == {(problem.code, problem.severity) for problem in problems}


def test_an_old_cycle_under_new_names_is_no_problem() -> None:
    """What failed before may fail afterwards, in whatever module it is then."""
    before = {**BEFORE, "app/wallet.py": "from .billing import Bill\nclass Wallet: ...\n"}
    after = {
        "app/__init__.py": "",
        "app/finance/__init__.py": "",
        "app/finance/billing.py": "from app.finance.wallet import Wallet\nclass Bill: ...\n",
        "app/finance/wallet.py": "\nfrom app.finance.billing import Bill\nclass Wallet: ...\n",
        "app/main.py": "from .finance import billing\n",
    }
    renamed = {"app.billing": "app.finance.billing", "app.wallet": "app.finance.wallet"}
    assert [] == new_load_failures(program(before), program(after), ("app.main",), renamed)
    assert [] != new_load_failures(program(BEFORE), program(after), ("app.main",), renamed)


def test_another_way_into_an_old_cycle_is_a_problem() -> None:
    """A cycle that loads from one side is entered from the other one, by a module that is not part of it."""
    cycle = {
        "app/__init__.py": "",
        "app/good.py": "one = 1\nfrom .bad import two\n",
        "app/bad.py": "from .good import one\ntwo = 2\n",
        "app/deep.py": "from . import good\n",
        "app/main.py": "from . import deep\nfrom . import bad\n",
    }
    after = {**cycle, "app/deep.py": ""}
    problems = new_load_failures(program(cycle), program(after), (), {})
    assert ["app/good.py:2"] == [problem.place() for problem in problems]
    assert "when `app.main` is imported first" in problems[0].message


def test_a_failure_under_a_condition_is_a_warning() -> None:
    """What fails only if a condition holds does not stop anybody."""
    source = "import os\nif os.environ.get('B'):\n    from .billing import Bill\nclass Wallet: ...\n"
    problems = new_load_failures(program(BEFORE), program({**BEFORE, "app/wallet.py": source}), (), {})
    assert {"warning"} == {problem.severity for problem in problems}
    assert all("under a condition" in problem.message for problem in problems)


def test_what_python_cannot_read_is_taken_to_load() -> None:
    """A file that does not parse is told elsewhere."""
    after = {**BEFORE, "app/wallet.py": "from .billing import Bill\nclass Wallet: (\n"}
    assert [] == new_load_failures(program(BEFORE), program(after), ("app.main", "app.gone"), {})
