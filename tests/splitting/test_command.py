"""`decompose split` as it is typed: the plan, the patch, the change and its way back, and what it refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from decomposer.cli.words import application
from tests.conftest import EXAMPLE, write_files
from tests.extraction.trees import read_tree

MODULE = "app.services.agent_integration"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The example, to be changed."""
    shutil.copytree(EXAMPLE, tmp_path / "example", ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
    return tmp_path / "example"


def invoke(root: Path, *words: str) -> tuple[int, str]:
    """The exit code and everything that a command prints."""
    done = CliRunner().invoke(application, [*words, "--repo", str(root)])
    return done.exit_code, done.output


def test_the_plan_says_what_the_change_then_does(root: Path) -> None:
    """The lines of every part are those of the files that are written; done again it does nothing; it can be undone."""
    before = read_tree(root)
    code, told = invoke(root, "split", MODULE, "--plan", "--format", "json")
    parts = {part["module"]: part["loc"] for part in json.loads(told)["parts"]}
    assert 0 == code and before == read_tree(root)
    assert 0 == invoke(root, "split", MODULE)[0]
    services = root / "apps/coordinator-api/src/app/services"
    written = {f"app.services.{path.stem}": path.read_bytes().count(b"\n") for path in services.glob("agent_integ*.py")}
    assert parts == written
    assert max(written.values()) <= 500
    assert (0, "nothing to do\n") == invoke(root, "split", MODULE)
    assert 0 == invoke(root, "rollback")[0]
    after = read_tree(root)
    assert before == {path: entry for path, entry in after.items() if not path.startswith(".decompose/")}


def test_what_is_asked_for_must_be_possible(root: Path) -> None:
    """Neither a module that is not there, nor a plan that is also a change; the near name is told."""
    code, told = invoke(root, "split", "agent_integration")
    assert (2, True) == (code, f"did you mean {MODULE}?" in told)
    assert 2 == invoke(root, "split", MODULE, "--plan", "--dry-run")[0]
    assert 2 == invoke(root, "split", MODULE, "--into", "1")[0]


def test_the_plan_can_be_carried_out_as_it_says(root: Path) -> None:
    """With the number of modules that was asked for; a module may be named by its path below the package."""
    code, told = invoke(root, "split", "services/agent_integration.py", "--into", "3", "--plan")
    assert (0, True) == (code, f"carry it out: decompose split {MODULE} --into 3" in told)
    assert "over the limit" not in told


def test_a_part_that_stays_too_long_is_told(root: Path) -> None:
    """In the plan and when it is carried out, with its lines."""
    (root / "decompose.toml").write_text('source = "apps/coordinator-api/src"\npackage = "app"\n'
                                         'entry = ["app.main:app"]\n\n[limits]\nfile = 200\n')  # fmt: skip
    code, told = invoke(root, "split", MODULE, "--into", "2", "--plan")
    words = f"{MODULE}_catalogue stays over the limit: "
    assert (0, True) == (code, words in told)
    code, told = invoke(root, "split", MODULE, "--into", "2")
    assert (0, True) == (code, words in told)


def test_a_module_that_fits_is_left_alone(root: Path) -> None:
    """Nothing is proposed, and nothing is done, for a module that is not too long."""
    assert (0, "nothing to do\n") == invoke(root, "split", "services.jobs")
    code, told = invoke(root, "split", "app.services.jobs", "--plan")
    assert (0, True) == (code, "it is not longer than a module may be" in told)


def test_a_long_class_is_divided_when_that_is_asked_for(tmp_path: Path) -> None:
    """The plan names the option, and with it the bases; afterwards every file is within its limit."""
    methods = "".join(f"    def {what}_{n}(self):\n        return self.{what}\n\n" for what in ("price", "stock")
                      for n in range(12))  # fmt: skip
    write_files(tmp_path, {
        "decompose.toml": 'source = ""\npackage = "shop"\nentry = ["shop.main:app"]\n\n[limits]\nfile = 50\n',
        "shop/__init__.py": "",
        "shop/main.py": "from fastapi import FastAPI\n\nfrom .goods import Goods\n\napp = FastAPI()\nGOODS = Goods()\n",
        "shop/goods.py": f"class Goods:\n    price, stock = 1, 2\n\n{methods}",
    })  # fmt: skip
    code, told = invoke(tmp_path, "split", "goods", "--plan")
    assert (0, True) == (code, "decompose split shop.goods --classes --plan" in told)
    code, told = invoke(tmp_path, "split", "goods", "--classes", "--plan")
    assert (0, True) == (code, "in which its methods are: GoodsBase, GoodsPriceMixin, GoodsStockMixin" in told)
    assert "carry it out: decompose split shop.goods --classes\n" in told
    assert (1, True) == ((found := invoke(tmp_path, "limits"))[0], "(--classes)" in found[1])
    assert 0 == invoke(tmp_path, "split", "goods", "--classes")[0]
    assert 0 == invoke(tmp_path, "check", "limits")[0]
