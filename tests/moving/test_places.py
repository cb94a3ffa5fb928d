"""The folder that a person stands in when a module moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from decomposer import app
from tests.extraction.trees import Tree, write_tree

FILES: Tree = {
    ".git/HEAD": ("100644", b"ref: refs/heads/main\n"),
    "src/shop/__init__.py": ("100644", b""),
    "src/shop/a.py": ("100644", b"A = 1\n"),
    "src/shop/b.py": ("100644", b"from shop.a import A\n"),
}


@pytest.mark.parametrize("here", ["", "src", "src/shop"])
def test_a_path_is_seen_from_the_folder_that_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: str
) -> None:
    """As it is completed by a shell; and from the root all the same."""
    write_tree(tmp_path, FILES)
    monkeypatch.chdir(tmp_path / here)
    below = Path("src/shop").relative_to(here).as_posix()
    for folder in (below, "src/shop"):
        planned = app.move(app.Options(cache=False), ((f"{folder}/a.py", f"{folder}/c.py"),), False, False)
        assert {"src/shop/a.py", "src/shop/b.py", "src/shop/c.py"} == set(planned.change_set.paths())


def test_with_a_repository_named_paths_are_seen_from_its_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever one stands."""
    write_tree(tmp_path, FILES)
    monkeypatch.chdir(tmp_path / "src")
    told = app.Options(repo=tmp_path, cache=False)
    assert "src/shop/c.py" in app.move(told, (("src/shop/a.py", "src/shop/c.py"),), False, False).change_set.paths()
