"""Which files are modules of a package."""

from __future__ import annotations

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
