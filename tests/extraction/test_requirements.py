"""What a service requires: the monolith's own versions, whatever they are written in, of what its code imports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from tomllib import loads
from typing import Any

import pytest
from packaging.requirements import Requirement

from decomposer.scaffold.distributions import Guess, Place, Sources, requirements
from decomposer.scaffold.requirements import (
    declared_requirements,
    listed_requirements,
    locked_names,
    pep508,
    required_python,
)

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


def required(imports: Iterable[str], declared: Mapping[str, str], **more: Any) -> tuple[str, ...]:
    """The requirements for imported names."""
    return requirements({name: Place("a.py", 3) for name in imports}, Sources(declared, **more), frozenset({"json"}))[0]


def test_imports_become_requirements() -> None:
    """Distributions of another name than their import are found; the standard library is none."""
    declared = declared_requirements(loads(PEP621)) | {"psycopg2": "psycopg2>=2.9", "some-package": "Some.Package"}
    imports = ["fastapi", "jose", "yaml", "psycopg2", "some_package", "json", "__future__", "unknown_thing",
               "_cffi_backend"]  # fmt: skip
    assert (
        "FastAPI >= 0.115",
        "psycopg2>=2.9",
        "python_jose[cryptography]~=3.3",
        "pyyaml",
        "Some.Package",
        "unknown-thing",
    ) == required(imports, declared)


def test_a_distribution_is_known_by_a_longer_name() -> None:
    """Where none of the imported name is declared, one with `py` or `python` about the name is meant."""
    declared = {"pyhumps": "pyhumps>=3.5", "python-ldap": "python-ldap", "pyhttpx": "pyhttpx", "httpx": "httpx>=0.27"}
    assert ("httpx>=0.27", "pyhumps>=3.5", "python-ldap") == required(["humps", "httpx", "ldap"], declared)


def test_what_everybody_knows_is_no_guess() -> None:
    """Well-known names lead to what the monolith asks for, which no likeness of the names would tell."""
    declared = {"websocket-client": "websocket-client==1.9.0", "pycryptodomex": "pycryptodomex==3.23.0"}
    imports = {"websocket": Place("a.py", 1), "Cryptodome.Random": Place("a.py", 2), "httpx.Client": Place("a.py", 3)}
    assert (("httpx", "pycryptodomex==3.23.0", "websocket-client==1.9.0"), ()) \
        == requirements(imports, Sources(declared), frozenset())  # fmt: skip


def test_parts_of_a_shared_package_have_distributions_of_their_own() -> None:
    """A part that a distribution is named after is that one's; not so where one has the whole package's name."""
    declared = {"azure-identity": "azure-identity>=1", "pyln-client": "pyln-client==25.12", "fastapi-utils": "x"}
    imports = ["azure.identity.aio.Client", "pyln.client.LightningRpc", "fastapi.utils.generate"]
    declared["fastapi"] = "fastapi"
    assert ("azure-identity>=1", "fastapi", "pyln-client==25.12") == required(imports, declared)


HAS = {"odd": ("strange-one",), "both": ("first", "second"), "both.left": ("first",), "own_name": ("wrong",)}
SOURCES = """
    interpreter, declared   | strange-one>=2      | odd        | strange-one>=2
    interpreter, transitive | other               | odd        | strange-one
    interpreter, a part     | first<2 second<3    | both.left  | first<2
    interpreter, both parts | first<2 second<3    | both.other | first<2 second<3
    interpreter first       | wrong==1 own-name   | own_name   | wrong==1
    the name, if declared   | own-name>1          | own_name   | own-name>1
    """


@pytest.mark.parametrize("line", SOURCES.strip().splitlines(), ids=lambda line: line.partition("|")[0].strip())
def test_an_interpreter_tells_the_distribution(line: str) -> None:
    """What has a module there is meant, with the version that the monolith asks for."""
    _, asked, module, expected = (part.strip() for part in line.split("|"))
    declared = {re.split("[<=>]", one)[0]: one for one in asked.split()}
    assert tuple(expected.split()) == required([module], declared, interpreter=lambda: HAS)
    if "transitive" not in line and "interpreter first" not in line:
        assert tuple(expected.split()) == required([module], declared, own=lambda: HAS)


def test_a_part_of_a_shared_package_is_guessed_by_its_name() -> None:
    """The package itself is nobody's; what begins with a capital is no module."""
    needed, guesses = requirements({"azure.keyvault.keys.KeyClient": Place("a.py", 4)}, Sources({}), frozenset())
    assert ("azure-keyvault-keys",) == needed
    assert (Guess("azure.keyvault.keys", "azure-keyvault-keys", Place("a.py", 4)),) == guesses


def test_what_nothing_tells_is_a_guess_at_its_place() -> None:
    """The name stands for the distribution; what the code does without everywhere is not required."""
    imports = {"nobody.a": Place("a.py", 4, True), "nobody.b": Place("b.py", 2), "lone": Place("c.py", 7, True)}
    needed, guesses = requirements(imports, Sources({}), frozenset())
    assert ("nobody",) == needed
    assert (Guess("nobody", "nobody", Place("a.py", 4)), Guess("lone", "lone", Place("c.py", 7, True))) \
        == tuple(sorted(guesses, key=lambda guess: guess.place.path))  # fmt: skip


@pytest.mark.parametrize("told", ["locked", "own"])
def test_what_is_there_is_no_guess(told: str) -> None:
    """A lock file has its name, or this tool's environment has the module."""
    more: dict[str, Any] = {"locked": frozenset({"nobody"})} if told == "locked" else {
        "own": lambda: {"nobody": ("nobody",)}}  # fmt: skip
    assert (("nobody",), ()) == requirements({"nobody": Place("a.py", 4)}, Sources({}, **more), frozenset())


def test_lists_of_requirements_are_read() -> None:
    """Options, hashes, comments and paths are no requirements; lock files name what they have."""
    text = "# all\n-r base.txt\n--index-url x\nFastAPI==0.115 --hash=sha256:1 \\\n  --hash=sha256:2\nrich  # why\n" \
        "./local\n-e .\nx @ git+https://example.org/x\nwin; os_name == 'nt'\n"  # fmt: skip
    assert {"fastapi": "FastAPI==0.115", "rich": "rich", "x": "x @ git+https://example.org/x",
            "win": "win; os_name == 'nt'"} == listed_requirements(text)  # fmt: skip
    lock = '[[package]]\nname = "A_b"\n\n[[package]]\nname = "c"\n  name = "d"'
    assert {"a-b", "c"} == locked_names(lock)


def test_parts_of_a_package_that_many_share_are_guessed_one_by_one() -> None:
    """Each has a distribution of its own, wherever what is in it is imported."""
    places = {name: Place("a.py", line) for line, name in enumerate(
        ("azure.identity.Credential", "azure.keyvault.keys.KeyClient", "azure.keyvault.keys"), 1)}  # fmt: skip
    needed, guesses = requirements(places, Sources({}), frozenset())
    assert ("azure-identity", "azure-keyvault-keys") == needed
    assert ["azure.identity", "azure.keyvault.keys"] == [guess.name for guess in guesses]
