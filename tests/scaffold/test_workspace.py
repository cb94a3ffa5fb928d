"""The root's project gains the services in its own dialect; everything that is there stays as it is written."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import replace
from typing import Any

import pytest

from decomposer.scaffold.system import Local, System
from decomposer.scaffold.versions import uncovered
from tests.scaffold.systems import CORE, rendered, service, system

MONEY = Local("money", "libs/money/src", "shop-money", "libs/money")
ONE = service("orders", 8101, local=(MONEY, Local("stubs", ".")))
TWO = service("ai-models", 8102, dependencies=("torch>=2",))
POETRY = """[tool.poetry] # ours
name = "shop"

[tool.poetry.dependencies]
python  =  ">=3.11"

[tool.poetry.group.dev.dependencies]
pytest = "*"

# how code looks
[tool.black]
line-length=100
pattern = '''
[tool.poetry.x]
'''
"""
UV = """[project]
name = "shop"
requires-python = ">=3.11"

[tool.uv.workspace]
members = [
    "libs/*", # all of them
    'apps/shop-core',
]

[tool.uv.sources]
shop_core = { workspace = true }
"""
PEP621 = """[project]
name = 'shop'
version = '1'

[project.optional-dependencies]
docs = ['sphinx'] # why

[tool.x]
y = 1
"""
INLINE = "[tool.poetry]\nname = 'x'\ngroup = { dev = { dependencies = {} } }\n"
LOCKED = [(POETRY, "poetry_lock", "poetry lock"), (UV, "uv_lock", "uv lock")]


def made(text: str, **files: str) -> System:
    """A shop with two services, and a project at its root."""
    return system([ONE, TWO], (), {"pyproject.toml": text, **{name.replace("_", "."): t for name, t in files.items()}})


def result(made: System) -> tuple[str, dict[str, Any]]:
    """The root's project as it is written, and as it reads."""
    text = rendered("workspace", made)[0]["pyproject.toml"]
    return text, tomllib.loads(text)


@pytest.mark.parametrize("text", [POETRY, UV, PEP621, POETRY.replace("\n", "\r\n")])
def test_lines_are_only_added_and_only_once(text: str) -> None:
    """Comments and spaces stay; rendered again it is the same, and so it is one service after the other."""
    edited = result(made(text))[0]
    taken = [line for line in difflib.ndiff(text.splitlines(), edited.splitlines()) if line.startswith("-")]
    assert ([], True) == (taken, edited != text)
    assert edited == result(made(edited))[0]
    first = result(replace(made(text), services=made(text).services[:2]))[0]
    assert tomllib.loads(edited) == result(made(first))[1]


def test_poetry_has_an_optional_group_for_each() -> None:
    """With all that a service is made of, by its folder, so that a change counts at once."""
    groups = result(made(POETRY))[1]["tool"]["poetry"]["group"]
    paths = {"shop-money": "libs/money", "shop-core": "apps/shop-core", "orders": "apps/orders"}
    assert ["dev", "orders", "ai-models"] == list(groups)
    assert {name: {"path": path, "develop": True} for name, path in paths.items()} == groups["orders"]["dependencies"]
    assert groups["ai-models"]["optional"]


def test_poetrys_groups_stand_behind_its_other_tables() -> None:
    """Before what is said of the next one."""
    text = result(made(POETRY.replace("[tool.poetry.x]", "x")))[0]
    assert text.index("[tool.poetry.group.dev") < text.index("[tool.poetry.group.orders]") < text.index("# how code")


def test_a_group_of_somebodys_own_stays() -> None:
    """Whatever it holds."""
    own = POETRY.replace("group.dev", "group.orders")
    assert {"dependencies": {"pytest": "*"}} == result(made(own))[1]["tool"]["poetry"]["group"]["orders"]


def test_groups_that_cannot_be_added_to_are_told() -> None:
    """An inline table cannot be continued elsewhere."""
    files, problems = rendered("workspace", made(INLINE))
    assert ({}, ["workspace-unwritten"]) == (files, [problem.code for problem in problems])


def test_uv_has_them_as_members() -> None:
    """Those that no pattern covers yet, and each is to be had from the workspace."""
    uv = result(made(UV))[1]["tool"]["uv"]
    assert ["libs/*", "apps/shop-core", "apps/orders", "apps/ai-models"] == uv["workspace"]["members"]
    assert {"shop_core", "shop-money", "orders", "ai-models"} == set(uv["sources"])
    assert all({"workspace": True} == source for source in uv["sources"].values())


def test_a_project_that_uv_locks_becomes_a_workspace() -> None:
    """Though it has been none."""
    uv = result(made("[project]\nname = 'shop'\nversion = '1'\n", uv_lock="version = 1\n"))[1]["tool"]["uv"]
    assert ["libs/money", "apps/shop-core", "apps/orders", "apps/ai-models"] == uv["workspace"]["members"]


def test_the_standard_has_an_extra_for_each() -> None:
    """Of third parties only: a name of the repository's own would be looked for on an index."""
    extras = result(made(PEP621))[1]["project"]["optional-dependencies"]
    assert ["fastapi>=0.115", "sqlmodel>=0.0.22", "uvicorn>=0.30"] == extras["orders"]
    assert ["sqlmodel>=0.0.22", "torch>=2"] == extras["ai-models"]


def test_an_extra_is_kept_up_to_date_unless_it_is_somebodys_own() -> None:
    """By what is said behind it."""
    text = result(made(PEP621))[0].replace("torch>=2", "torch>=1")
    assert "torch>=2" in result(made(text))[0]
    own = text.replace("# rendered by decompose", "")
    assert own == result(made(own))[0]


@pytest.mark.parametrize(("text", "lock", "command"), LOCKED)
def test_a_lock_file_is_behind(text: str, lock: str, command: str) -> None:
    """That is said when something was added, with what makes it anew."""
    [problem] = rendered("workspace", made(text, **{lock: ""}))[1]
    assert ("lock-behind", lock.replace("_", "."), f"run `{command}`") == (problem.code, problem.path, problem.hint)
    assert [] == rendered("workspace", made(result(made(text))[0], **{lock: ""}))[1]


def test_pythons_that_differ_are_told() -> None:
    """Of a service, and of a project of the repository that it needs."""
    files = {"pyproject.toml": POETRY, "libs/money/pyproject.toml": "[project]\nrequires-python = '>=3.11.4'\n"}
    shop = system([ONE, replace(TWO, python=">=3.12,<4")], (), files)
    problems = rendered("workspace", shop)[1]
    assert ["apps/ai-models/pyproject.toml", "libs/money/pyproject.toml"] == sorted(one.path for one in problems)
    assert {"python-differs"} == {one.code for one in problems}


@pytest.mark.parametrize(("wide", "narrow", "expected"), [
    (">=3.11", ">=3.11", ""), (">=3.13,<3.14", ">=3.13.5,<3.14", "3.13"), (">=3.11,<4", ">=3.10", ""),
    (">=3.11", ">=3.11,<4", "4.0"), ("~=3.11", ">=3.11,<3.13", "3.13"), ("nonsense", ">=3.11", ""),
])  # fmt: skip
def test_a_python_that_only_one_runs_on_is_found(wide: str, narrow: str, expected: str) -> None:
    """The lowest of them; nothing is said of what cannot be read."""
    assert expected == uncovered(wide, narrow)


@pytest.mark.parametrize("text", ["", "[tool.ruff]\nline-length = 100\n", "[project\n"])
def test_what_is_no_project_stays(text: str) -> None:
    """A file that only configures tools gains nothing, nor does one that cannot be read."""
    assert ({}, []) == rendered("workspace", made(text))
    assert ({}, []) == rendered("workspace", system([ONE]))


def test_the_core_alone_adds_nothing() -> None:
    """It comes with the services that need it."""
    assert ({}, []) == rendered("workspace", replace(made(POETRY), services=(CORE,)))
