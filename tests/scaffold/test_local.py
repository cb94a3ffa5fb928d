"""Packages of the repository: where each lies, and which project builds it."""

from __future__ import annotations

import pytest

from decomposer.model.config import Config
from decomposer.scaffold.local import OURS, asked_for, find_local, local_packages, projects_above
from decomposer.scaffold.system import Local

CONFIG = Config("apps/shop-api/src", "app", ("app.main:app",))
HATCH = '[build-system]\nbuild-backend = "hatchling.build"\n'
SETUPTOOLS = '[build-system]\nbuild-backend = "setuptools.build_meta"\n'


def local(package: str, holder: str, **files: str) -> Local:
    """What is found of a package; the files are each folder's pyproject.toml, `_` for a slash, `root` for the root."""
    folders = {"" if name == "root" else f"{name.replace('_', '/')}/": text for name, text in files.items()}
    names = {f"{folder}pyproject.toml": text for folder, text in folders.items()}
    return find_local(package, holder, lambda path: names[path].encode() if path in names else None, CONFIG)


@pytest.mark.parametrize("text", [
    f'{HATCH}[project]\nname = "Money"',
    f'{HATCH}[project]\nname = "Money"\n[tool.hatch.build.targets.wheel]\npackages = ["src/money"]',
    f'{HATCH}[project]\nname = "Money"\n[tool.hatch.build.targets.wheel]\nonly-include = ["src"]',
    f'{SETUPTOOLS}[project]\nname = "Money"', '[project]\nname = "Money"',
    f'{SETUPTOOLS}[project]\nname = "Money"\n[tool.setuptools.packages.find]\nwhere = ["src"]',
    f'{SETUPTOOLS}[project]\nname = "Money"\n[tool.setuptools]\npackages = ["money"]\npackage-dir = {{"" = "src"}}',
    '[tool.poetry]\nname = "Money"', '[tool.poetry]\nname = "Money"\npackages = [{ include = "money", from = "src" }]',
])  # fmt: skip
def test_a_project_that_builds_it(text: str) -> None:
    """As each back end decides by its settings, or by its habits where it has none."""
    assert Local("money", "libs/money/src", "Money", "libs/money") == local("money", "libs/money/src", libs_money=text)


@pytest.mark.parametrize("text", [
    f'{HATCH}[project]\nname = "other"', '[tool.ruff]\nline-length = 100', "not = [toml",
    f'{HATCH}[project]\nname = "money"\n[tool.hatch.build.targets.wheel]\npackages = ["src/other"]',
    '[tool.poetry]\nname = "money"\npackage-mode = false',
    '[tool.poetry]\nname = "money"\npackages = [{ include = "other" }]',
    f'{SETUPTOOLS}[project]\nname = "money"\n[tool.setuptools]\npackages = ["other"]',
    f'{SETUPTOOLS}[project]\nname = "money"\n[tool.setuptools.packages.find]\nwhere = ["lib"]',
])  # fmt: skip
def test_a_project_that_does_not(text: str) -> None:
    """Then the next one above it is asked, and nobody has it where none does."""
    assert Local("money", "libs/money/src") == local("money", "libs/money/src", libs_money=text)
    above = '[tool.poetry]\nname = "shop"\npackages = [{ include = "money", from = "money/src" }]'
    found = local("money", "libs/money/src", libs_money=text, libs=above)
    assert Local("money", "libs/money/src", "shop", "libs") == found


def test_a_project_that_brings_the_monolith_along() -> None:
    """A service cannot require it: the monolith's package would be installed beside the service's."""
    libs = '[tool.poetry]\nname = "shop"\npackages = [{ include = "money" }]\n[tool.poetry.dependencies]\n' \
        'shop-api = { path = "../apps/shop-api" }'  # fmt: skip
    api = '[project]\nname = "Shop.API"'
    assert Local("money", "libs", "shop", "libs") == local("money", "libs", libs=libs)
    assert Local("money", "libs") == local("money", "libs", libs=libs, **{"apps_shop-api": api})


def test_the_project_of_the_whole_repository() -> None:
    """It is none of a service's: it requires everything, and the services among it."""
    assert Local("money", ".") == local("money", "", root='[tool.poetry]\nname = "money"')


def test_where_packages_lie() -> None:
    """The one that is nearest to the root, unless a folder is named first; the monolith's own are none."""
    paths = ["money/__init__.py", "libs/money/__init__.py", "libs/money/inner/__init__.py", "libs/src/__init__.py",
             "libs/src/stock/__init__.py", "apps/shop-api/src/app/__init__.py", "my-lib/__init__.py"]  # fmt: skip
    assert {"money": "", "stock": "libs/src"} == local_packages(CONFIG, paths)
    assert {"money": "libs", "stock": "libs/src"} == local_packages(CONFIG, paths, ["libs"])


def test_projects_above() -> None:
    """The nearest one first; what cannot be read is passed over."""
    files = {"a/b/pyproject.toml": b"near = 1", "a/pyproject.toml": b"not toml", "pyproject.toml": b"far = 1"}
    assert [{"near": 1}, {"far": 1}] == list(projects_above("a/b/src", files.get))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_services_need_is_nothing_that_the_monolith_asks_for(newline: str) -> None:
    """Their extras in the root's project are left out, and nothing else."""
    text = f"""[project]
dependencies = ["fastapi>=1"]

[project.optional-dependencies]
money = [
    "uvicorn[standard]",
    "guessed",
] {OURS}
own = [
    "boto3",
]
"stock-api" = [
] {OURS}
"""
    files = {"pyproject.toml": text.replace("\n", newline).encode()}
    assert {"fastapi": "fastapi>=1", "boto3": "boto3"} == asked_for("src", files.get)
