"""Which files are modules of a package."""

from __future__ import annotations

from decomposer.graph.modules import Modules


def test_a_file_beside_the_package_of_its_name_is_none_of_it() -> None:
    """`src/app.py` cannot be imported while `src/app/` is there."""
    paths = dict.fromkeys(("src/app.py", "src/app/__init__.py", "src/app/main.py"))
    assert {"app": "src/app/__init__.py", "app.main": "src/app/main.py"} == Modules("src", "app", paths, {}).path_of


def test_a_module_can_stand_alone() -> None:
    """A top-level module is a package of one file; one that is not there is none."""
    assert {"tool": "tool.py"} == Modules("", "tool", ["tool.py", "other.py"], {}).path_of
    assert {} == Modules("", "tool", ["other.py"], {}).path_of
