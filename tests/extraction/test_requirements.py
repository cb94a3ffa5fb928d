"""What a service requires: the monolith's own versions, whatever they are written in, of what its code imports."""

from __future__ import annotations

from tomllib import loads

import pytest
from packaging.requirements import Requirement

from decomposer.scaffold.requirements import declared_requirements, pep508, required_python, requirements

PEP621 = """
[project]
requires-python = ">=3.12"
dependencies = [
    "FastAPI >= 0.115", "uvicorn[standard]>=0.30; sys_platform != 'win32'", "python_jose[cryptography]~=3.3",
    "local @ file:///x",
]
"""
POETRY = """
[tool.poetry.dependencies]
python = "^3.11"
fastapi = "^0.115.2"
PyJWT = "*"
uvicorn = { version = "~0.30", extras = ["standard"] }
numpy = [{ version = "1.26", python = "<3.12" }, { version = "2.0", python = ">=3.12" }]
core = { path = "../core" }
"""
VERSIONS = """
    ^1.2.3 >=1.2.3,<2
    ^0.2.3 >=0.2.3,<0.3
    ^0.0.3 >=0.0.3,<0.0.4
    ^0.0 >=0.0,<0.1
    ^0 >=0,<1
    ^1 >=1,<2
    ~1.2.3 >=1.2.3,<1.3
    ~1.2 >=1.2,<1.3
    ~1 >=1,<2
    1.2 ==1.2
    =1.2 ==1.2
    ==1.2 ==1.2
    1.2.* ==1.2.*
    ~=1.2 ~=1.2
    >=1,<2 >=1,<2
    ^1.2,!=1.3 >=1.2,<2,!=1.3
    ^1.0b2 >=1.0b2,<2
    """


def test_requirements_are_read_from_pep_621() -> None:
    """They are taken as they are written, by the name that indexes compare."""
    expected = {
        "fastapi": "FastAPI >= 0.115", "uvicorn": "uvicorn[standard]>=0.30; sys_platform != 'win32'",
        "python-jose": "python_jose[cryptography]~=3.3", "local": "local @ file:///x",
    }  # fmt: skip
    assert expected == declared_requirements(loads(PEP621))
    assert ">=3.12" == required_python([loads(PEP621)])


def test_requirements_are_read_from_poetry() -> None:
    """Versions and extras become PEP 508; what it has no words for is left open, and paths are the repository's own."""
    expected = {
        "fastapi": "fastapi>=0.115.2,<0.116", "pyjwt": "PyJWT", "uvicorn": "uvicorn[standard]>=0.30,<0.31",
        "numpy": "numpy",
    }  # fmt: skip
    assert expected == declared_requirements(loads(POETRY))
    assert ">=3.11,<4" == required_python([loads(POETRY)])


@pytest.mark.parametrize(("poetry", "expected"), [
    ("{version = '^2', extras = ['a', 'b'], markers = \"sys_platform == 'linux'\"}",
     "x[a,b]>=2,<3; sys_platform == 'linux'"),
    ("{version = '1.0', python = '>=3.9,<3.12', markers = \"os_name == 'nt' or extra == 'x'\"}",
     "x==1.0; python_version >= '3.9' and python_version < '3.12' and (os_name == 'nt' or extra == 'x')"),
    ("{version = '*', python = '>=3.9.2'}", "x; python_full_version >= '3.9.2'"),
    ("{git = 'https://example.org/x.git', tag = 'v1', python = '<4'}",
     "x @ git+https://example.org/x.git@v1 ; python_version < '4'"),
    ("{url = 'https://example.org/x-1.whl'}", "x @ https://example.org/x-1.whl"),
])  # fmt: skip
def test_what_poetry_says_besides_a_version_survives(poetry: str, expected: str) -> None:
    """Extras, markers, Python's versions, and where something is to be had, as PEP 508 reads them."""
    found = declared_requirements(loads(f"[tool.poetry.dependencies]\nx = {poetry}\n"))
    assert {"x": expected} == found
    assert str(Requirement(expected))


def test_poetry_adds_to_what_the_project_says() -> None:
    """Where both tables name a package, [project] has the version; a path says that it is the repository's own."""
    text = "[project]\ndependencies = ['x>=1; os_name == \"nt\"', 'own', 'y']\noptional-dependencies.z = ['z<3', 'x']\n"
    text += "[tool.poetry.dependencies]\nx = { source = 'private' }\nown = { path = 'own' }\n"
    assert {"x": 'x>=1; os_name == "nt"', "y": "y", "z": "z<3"} == declared_requirements(loads(text))


@pytest.mark.parametrize("line", VERSIONS.strip().splitlines())
def test_versions_of_poetry_become_pep_508(line: str) -> None:
    """Each form has the bounds that Poetry's documentation gives it."""
    poetry, expected = line.split()
    assert expected == pep508(poetry)
    assert expected == pep508(poetry.replace(",", ", "))


@pytest.mark.parametrize("poetry", ["*", "", "^1 || ^2", "^*", None, [{"version": "1"}]])
def test_a_version_that_says_nothing_or_too_much_is_left_open(poetry: object) -> None:
    """Any version, alternatives and lists by platform give no bounds."""
    assert "" == pep508(poetry)


@pytest.mark.parametrize("broken", [{}, {"project": "x"}, {"project": {"dependencies": "x"}}, {"tool": {"poetry": []}},
                                    {"project": {"dependencies": [1, ""]}}])  # fmt: skip
def test_a_project_that_says_nothing_useful_requires_nothing(broken: dict[str, object]) -> None:
    """A pyproject.toml of an unexpected shape is no reason to stop."""
    assert {} == declared_requirements(broken)
    assert ">=3.11" == required_python([broken])


def test_imports_become_requirements() -> None:
    """Distributions of another name than their import are found; own packages and the standard library are none."""
    declared = declared_requirements(loads(PEP621)) | {"psycopg2": "psycopg2>=2.9", "some-package": "Some.Package"}
    imports = [
        "fastapi",
        "jose",
        "yaml",
        "psycopg2",
        "some_package",
        "json",
        "__future__",
        "shared_lib",
        "unknown_thing",
        "_cffi_backend",
    ]
    needed, local = requirements(imports, declared, {"shared_lib"}, frozenset({"json"}))
    assert (
        "FastAPI >= 0.115",
        "psycopg2>=2.9",
        "python_jose[cryptography]~=3.3",
        "pyyaml",
        "Some.Package",
        "unknown-thing",
    ) == needed
    assert ("shared_lib",) == local


def test_a_distribution_is_known_by_a_longer_name() -> None:
    """Where none of the imported name is declared, one with `py` or `python` about the name is meant."""
    declared = {"pyhumps": "pyhumps>=3.5", "python-ldap": "python-ldap", "pyhttpx": "pyhttpx", "httpx": "httpx>=0.27"}
    needed, _ = requirements(["humps", "httpx", "ldap"], declared, set(), frozenset())
    assert ("httpx>=0.27", "pyhumps>=3.5", "python-ldap") == needed
