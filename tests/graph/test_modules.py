"""Which files are modules of a package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from decomposer.graph.modules import Modules
from decomposer.model.config import Home


def test_a_file_beside_the_package_of_its_name_is_none_of_it() -> None:
    """`src/app.py` cannot be imported while `src/app/` is there."""
    paths = dict.fromkeys(("src/app.py", "src/app/__init__.py", "src/app/main.py"))
    assert {"app": "src/app/__init__.py", "app.main": "src/app/main.py"} == Modules("src", "app", paths, {}).path_of


def test_a_module_can_stand_alone() -> None:
    """A top-level module is a package of one file; one that is not there is none."""
    assert {"tool": "tool.py"} == Modules("", "tool", ["tool.py", "other.py"], {}).path_of
    assert {} == Modules("", "tool", ["other.py"], {}).path_of


def test_a_package_hides_the_file_of_its_name_wherever_both_lie() -> None:
    """In the monolith as in a folder that its package is extended to, the package is found and the file is known."""
    homes = (Home("app.services", "apps/ai/src/app/services"),)
    below = ("fusion.py", "fusion/__init__.py")
    here = [f"src/app/services/{name}" for name in ("__init__.py", *below)]
    there = [f"apps/ai/src/app/services/{name}" for name in ("__init__.py", *below)]
    for paths, found in (here, here[1:]), (here[:1] + there, there[1:]):
        modules = Modules("src", "app", paths, {}, homes)
        file, package = found
        assert package == modules.path_of["app.services.fusion"]
        assert {file: package} == modules.shadowed
        assert "app.services.fusion" == modules.name_of[file]


@pytest.mark.parametrize(("there", "found"), [
    (("a/rl/agents.py", "b/rl/__init__.py", "b/rl/agents/__init__.py"), "b/rl/agents/__init__.py"),
    (("a/rl/agents.py", "b/rl/agents.py"), "a/rl/agents.py"),
    (("a/rl/__init__.py", "a/rl/agents.py", "b/rl/__init__.py", "b/rl/agents/__init__.py"), "a/rl/agents.py"),
    (("a/rl/x/agents.py", "b/rl/__init__.py", "b/rl/agents.py"), "b/rl/agents.py"),
], ids=["a plain folder first", "plain folders", "two packages", "deeper"])  # fmt: skip
def test_of_several_homes_the_first_package_is_found(there: tuple[str, ...], found: str, tmp_path: Path) -> None:
    """As Python finds it: a folder without `__init__.py` is none where another home has a package of its name."""
    homes = (Home("app.services", "a"), Home("app.services", "b"))
    paths = ("src/app/__init__.py", "src/app/services/__init__.py", *there)
    for path in paths:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        text = f"__path__ += [{str(tmp_path / 'a')!r}, {str(tmp_path / 'b')!r}]\n" if "services" in path else ""
        (tmp_path / path).write_text(text)
    code = "import app.services.rl.agents as one; print(one.__file__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path / "src", capture_output=True, text=True)
    modules = Modules("src", "app", paths, {}, homes)
    assert found == Path(done.stdout.strip()).relative_to(tmp_path).as_posix()
    assert found == modules.path_of["app.services.rl.agents"]
