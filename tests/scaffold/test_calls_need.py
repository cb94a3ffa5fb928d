"""Calls over HTTP are written for pydantic 2: a monolith that does not allow it is told at the line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from decomposer import app
from decomposer.report.explanation import explanation_blocks
from decomposer.scaffold.calls_need import too_old

Repository = Callable[[Mapping[str, str | bytes]], Path]
PEP621 = '[project]\nname = "shop"\ndependencies = [\n    "fastapi",\n    "{}",\n]\n'
POETRY = '[tool.poetry]\nname = "shop"\n[tool.poetry.dependencies]\nfastapi = "*"\nPydantic = "{}"\n'


def place(**files: str) -> str:
    """The place of the requirement that is too old, "" where there is none."""
    names = {"root": "pyproject.toml", "near": "backend/pyproject.toml", "list": "backend/requirements.txt"}
    texts = {names[key]: text.encode() for key, text in files.items()}
    found = too_old("backend/src", texts.get)
    return found.place() if found is not None else ""


@pytest.mark.parametrize("requirement", ["pydantic==1.10.26", "pydantic[email]<2", "Pydantic ~= 1.9",
                                         "pydantic>=1,<2.0", "pydantic==1.*"])  # fmt: skip
def test_a_requirement_that_excludes_pydantic_2_is_told_at_its_line(requirement: str) -> None:
    """In a project's dependencies or a list of requirements; the nearest project's counts."""
    assert "pyproject.toml:5" == place(root=PEP621.format(requirement))
    assert "backend/requirements.txt:2" == place(list=f"fastapi\n{requirement}\n", root=PEP621.format("httpx"))
    assert "pyproject.toml:5" == place(list="pydantic<2", root=PEP621.format(requirement))
    assert "" == place(near=PEP621.format("pydantic>=2"), root=PEP621.format(requirement))


@pytest.mark.parametrize("requirement", ["pydantic", "pydantic>=1.9", "pydantic==2.3.4", "pydantic==2.*", "pydantic<3",
                                         "pydantic<=2.0.3,>2", "pydantic<2; python_version < '3.8'", "httpx",
                                         "pydantic @ https://example.org/x.whl", "pydantic-settings<2"])  # fmt: skip
def test_what_allows_pydantic_2_or_says_nothing_is_fine(requirement: str) -> None:
    """Nothing is told where nothing declares a version."""
    assert "" == place(root=PEP621.format(requirement))
    assert "" == place()


def test_an_extra_and_poetry_have_their_lines() -> None:
    """Whatever form the requirement is written in."""
    assert "pyproject.toml:6" == place(root=POETRY.format("^1.10").replace("fastapi", "\nfastapi"))
    assert "" == place(root=POETRY.format(">=1.10"))
    extra = '[project]\nname = "shop"\n[project.optional-dependencies]\nall = ["httpx",\n"pydantic<2"]\n'
    assert "pyproject.toml:5" == place(root=extra)


def test_a_context_that_calls_another_does_not_leave_with_pydantic_1(repository: Repository) -> None:
    """`extract` refuses it and `explain` says so, for the context and for the module; a copy is no matter."""
    files = {
        "decompose.toml": 'source = "src"\npackage = "app"\nentry = "app.main:app"\nrules = "rules"\n',
        "pyproject.toml": PEP621.format("pydantic<2"),
        "src/app/__init__.py": "", "src/app/bills.py": "def total(a: int) -> int:\n    return a\n",
        "src/app/orders.py": "from .bills import total\n\ndef place():\n    return total(1)\n",
        "src/app/main.py": "from fastapi import FastAPI\nfrom . import bills, orders\napp = FastAPI()\n",
    }  # fmt: skip
    rule = 'name = "{}"\ndescription = "x"\nport = {}\n[[rule]]\npaths = ["{}"]\nreason = "so"\n'
    files["rules/billing.toml"] = rule.format("billing", 8101, "bills.py")
    asked = '[[dependency]]\npaths = ["bills.py"]\npolicy = "{}"\nreason = "so"\n'
    orders = rule.format("orders", 8102, "orders.py")
    root = repository({**files, "rules/orders.toml": orders + asked.format("client")})
    options = app.Options(repo=root, cache=False)
    planned = app.extract(options, ("orders",))
    told = "pyproject.toml:5: error: `pydantic<2` does not allow pydantic 2"
    assert [True] == [problem.render().startswith(told) for problem in planned.problems]
    assert not planned.change_set.changes
    for subject in ("orders", "app.bills"):
        blocks = explanation_blocks(app.explain(options, subject).value)
        assert any(told in getattr(block, "text", "") for block in blocks), subject
    (root / "rules/orders.toml").write_text(orders + asked.format("copy"))
    assert app.extract(options, ("orders",)).change_set.changes
    assert [] == app.explain(options, "orders").value["problems"]
