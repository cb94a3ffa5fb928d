"""A service's project is valid TOML, and says what the service needs."""

from __future__ import annotations

import tomllib

import pytest

from decomposer.scaffold.distributions import Guess, Place
from decomposer.scaffold.system import Local, Service
from tests.scaffold.systems import rendered, service, system

DESCRIPTION = "what is \"ordered\" and 'paid'\n\\ and \x7f, 日本 😀"
REQUIREMENTS = ("fastapi>=0.115", "uvicorn[standard]; python_version<'4'")
HARD = service("orders", 8101, description=DESCRIPTION, dependencies=REQUIREMENTS)


@pytest.mark.parametrize("one", [HARD, service("empty", 0, dependencies=(), core="", packages=("shop", "app"))])
def test_it_is_valid_toml(one: Service) -> None:
    """Whatever the description holds."""
    files, problems = rendered("pyproject", system([one]))
    project = tomllib.loads(files[f"apps/{one.name}/pyproject.toml"])["project"]
    assert [] == problems
    assert (one.name, one.description) == (project["name"], project["description"])
    assert [*filter(None, [one.core]), *one.dependencies] == project["dependencies"]


def test_packages_of_the_repository_are_required() -> None:
    """By the name of the project that builds them; what none builds is said in a comment."""
    one = service("orders", 8101, local=(Local("money", "packages/money/src", "shop-money", "packages/money"),
                                         Local("stubs", "."))) # fmt: skip
    text = rendered("pyproject", system([one]), "orders")[0]["apps/orders/pyproject.toml"]
    project = tomllib.loads(text)["project"]
    assert ["shop-core", "shop-money", "fastapi>=0.115", "uvicorn>=0.30"] == project["dependencies"]
    assert "# stubs of this repository is imported too" in text
    assert ["src", "../shop-core/src", "../../packages/money/src", "../.."] \
        == tomllib.loads(text)["tool"]["pytest"]["ini_options"]["pythonpath"]  # fmt: skip


def test_a_guess_is_marked_and_told_at_the_import() -> None:
    """What the code does without is only told; nothing is told of a project that somebody has made their own."""
    guesses = (Guess("labels", "labels", Place("src/a.py", 3)), Guess("fast", "fast", Place("src/b.py", 1, True)))
    one = service("orders", 8101, dependencies=("fastapi", "labels"), guesses=guesses)
    files, problems = rendered("pyproject", system([one]), "orders")
    text = files["apps/orders/pyproject.toml"]
    assert '    "labels", # a guess: nothing tells which distribution has labels\n' in text
    assert ["fastapi", "labels"] == tomllib.loads(text)["project"]["dependencies"][1:]
    assert ["src/a.py:3: warning: nothing tells which distribution has `labels`: apps/orders/pyproject.toml requires "
            "`labels`, which is a guess", "src/b.py:1: warning: nothing tells which distribution has `fast`: "
            "apps/orders/pyproject.toml does not require it, for the code does without"] \
        == [problem.render().partition(" [")[0] for problem in problems]  # fmt: skip
    again = {"apps/orders/pyproject.toml": text}
    assert problems == rendered("pyproject", system([one], files=again), "orders")[1]
    own = {"apps/orders/pyproject.toml": text.partition("\n")[2]}
    assert ["kept"] == [problem.code for problem in rendered("pyproject", system([one], files=own), "orders")[1]]


def test_what_is_required_by_its_place_can_be_built() -> None:
    """Hatchling refuses it unless it is allowed to."""
    files, _ = rendered("pyproject", system([service("orders", 8101, dependencies=("x @ https://example.org/x.whl",))]))
    assert tomllib.loads(files["apps/orders/pyproject.toml"])["tool"]["hatch"]["metadata"]["allow-direct-references"]
    assert "metadata" not in tomllib.loads(files["apps/shop-core/pyproject.toml"])["tool"]["hatch"]
