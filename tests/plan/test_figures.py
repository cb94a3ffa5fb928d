"""The figures of the plan: on the replicas, and on the real trees where DECOMPOSE_REAL names their folders."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from decomposer.app import Options, analyze
from tests.conftest import real_repositories

PLAN = {
    "services": {
        "files": 89, "loc": 46_594, "over_limit": 51,
        "largest": {"path": "apps/coordinator-api/src/app/services/agent_integration.py", "loc": 1_159},
    },
    "routers": {"files": 53},
}  # fmt: skip
BOOTABLE = {
    "monolith": {"modules": 285},
    "services": {"files": 99},
    "routers": {"files": 61, "routes": 305, "paths": 272, "operations": 295},
}
DYNAMIC = [f"apps/coordinator-api/src/app/services/{name}.py" for name in ("explorer", "miners")]


def figures(root: Path) -> dict[str, Any]:
    """The analysis of a tree."""
    document: dict[str, Any] = analyze(Options(repo=root, cache=False)).value
    return document


def check(expected: Mapping[str, Mapping[str, object]], document: dict[str, Any]) -> None:
    """Each figure that is expected is the document's."""
    for part, numbers in expected.items():
        assert numbers == {name: document[part][name] for name in numbers}


@pytest.fixture(scope="module")
def planned(replica_plan: Path) -> dict[str, Any]:
    """The analysis of the replica of the state that the plan describes."""
    return figures(replica_plan)


@pytest.fixture(scope="module")
def bootable(replica: Path) -> dict[str, Any]:
    """The analysis of the replica that boots."""
    return figures(replica)


def test_the_replica_has_the_figures_of_the_plan(planned: dict[str, Any]) -> None:
    """89 service files with 46,594 lines, 53 routers, 51 files over 500 lines with sub-packages, the largest 1,159."""
    check(PLAN, planned)


def test_the_replica_that_boots_has_its_figures(bootable: dict[str, Any]) -> None:
    """99 service files and 61 routers, which serve what the monolith serves."""
    check(BOOTABLE, bootable)


def test_services_behind_a_name_table_are_reached_only_dynamically(bootable: dict[str, Any]) -> None:
    """What only a package's `__getattr__` loads is told as such, and is not unreachable."""
    assert DYNAMIC == bootable["only_dynamically_reached"]
    assert not set(DYNAMIC) & {found["path"] for found in bootable["unreachable"]}


@pytest.mark.parametrize("state", ["planned", "bootable"])
def test_the_seven_contexts_are_planned_in_their_phases(state: str, request: pytest.FixtureRequest) -> None:
    """Core first, then the contexts of the plan; nothing is left without an owner, and nobody twice owned."""
    document = request.getfixturevalue(state)
    assert list(range(1, 8)) == [phase["phase"] for phase in document["phases"]]
    assert 8 == len(document["contexts"]) and [] == document["unassigned"]
    assert [] == [problem for problem in document["problems"] if problem["code"] == "rule-conflict"]


@pytest.mark.parametrize("root", real_repositories(), ids=lambda root: root.name)
def test_the_real_trees_have_the_figures_of_the_plan(root: Path) -> None:
    """The monolith itself, in the state of the plan or in the one that boots, gives exactly the known figures."""
    document = figures(root)
    if document["config"]["origin"] != "known layout":
        pytest.skip("another application")
    if document["services"]["files"] == PLAN["services"]["files"]:
        check(PLAN, document)
    else:
        check(BOOTABLE, document)
        assert DYNAMIC == document["only_dynamically_reached"]
    assert [] == document["unassigned"]
