"""A service's project is valid TOML, and says what the service needs."""

from __future__ import annotations

import tomllib

import pytest

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


def test_what_is_required_by_its_place_can_be_built() -> None:
    """Hatchling refuses it unless it is allowed to."""
    files, _ = rendered("pyproject", system([service("orders", 8101, dependencies=("x @ https://example.org/x.whl",))]))
    assert tomllib.loads(files["apps/orders/pyproject.toml"])["tool"]["hatch"]["metadata"]["allow-direct-references"]
    assert "metadata" not in tomllib.loads(files["apps/shop-core/pyproject.toml"])["tool"]["hatch"]
