"""What apply writes: every kind of change, whole, once, and quickly."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from decomposer.changeset import Change, ChangeSet
from decomposer.shell.apply import apply_changes, recover, warn_of_unfinished
from decomposer.shell.history import history, rollback_change
from tests.conftest import ROOT, write_files
from tests.shell.apply.faults import Fault, failing
from tests.shell.apply.trees import NEW, OLD, RAW_NAME, changes, snapshot, write_tree

CHANGES = changes(OLD, NEW)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    write_tree(tmp_path / "repository", OLD)
    return tmp_path / "repository"


def test_every_kind_of_change_is_written(old: Path) -> None:
    """Edits, moves, modes, links, files that become folders and back: the tree is the new one, to the permission."""
    assert apply_changes(old, CHANGES, "all").startswith("0001-")
    assert NEW == snapshot(old)


def test_a_second_apply_writes_nothing(old: Path) -> None:
    """The same change set again: no call that changes anything, no second entry in the history."""
    apply_changes(old, CHANGES, "all")
    before = {path: path.lstat().st_mtime_ns for path in old.rglob("*")}
    with failing(Fault()) as fault:
        assert "" == apply_changes(old, CHANGES, "all")
    assert [] == fault.calls
    assert before == {path: path.lstat().st_mtime_ns for path in old.rglob("*")}
    assert 1 == len(history(old))


def test_a_change_set_without_changes_writes_nothing(old: Path) -> None:
    """Nothing to do: not even the folder for the journal is made."""
    with failing(Fault()) as fault:
        assert "" == apply_changes(old, ChangeSet(), "nothing")
        assert recover(old) is None
        assert warn_of_unfinished(old) is None
        assert [] == history(old)
    assert [] == fault.calls
    assert not (old / ".decompose").exists()


def test_ids_are_sorted_as_the_changes_were_made(tmp_path: Path) -> None:
    """Each change has the next number, beyond 9999 too."""
    (tmp_path / ".decompose/history/9999-abcdef").mkdir(parents=True)
    first = apply_changes(tmp_path, ChangeSet((Change("a", None, b"1"),)), "first")
    second = apply_changes(tmp_path, ChangeSet((Change("a", b"1", b"2", mode_before="100644"),)), "second")
    assert ["10000", "10001"] == [first.partition("-")[0], second.partition("-")[0]]
    assert ["9999-abcdef", first, second] == [record.id for record in history(tmp_path)]
    assert ["damaged", "applied", "applied"] == [record.state for record in history(tmp_path)]


def test_the_history_is_readable_and_ignored_by_git(old: Path) -> None:
    """`journal.json` names each file, `before/` has what was there; git sees nothing of it."""
    identity = apply_changes(old, CHANGES, "all kinds")
    folder = old / ".decompose/history" / identity
    journal = json.loads((folder / "journal.json").read_bytes().decode("utf-8", "surrogateescape"))
    assert "all kinds" == journal["title"]
    files = {entry["path"]: entry for entry in journal["files"]}
    assert {change.path for change in CHANGES.changes} == files.keys()
    assert OLD["app/edited.py"][2] == (folder / "before" / files["app/edited.py"]["name"]).read_bytes()
    assert "0640" == files["app/edited.py"]["before"]["permissions"]
    assert OLD[RAW_NAME][2] == (folder / "before" / files[RAW_NAME]["name"]).read_bytes()
    assert not (folder / "staged").exists()
    subprocess.run(["git", "init", "-q"], cwd=old, check=True)
    status = subprocess.run(["git", "status", "--porcelain"], cwd=old, capture_output=True, text=True, check=True)
    assert ".decompose" not in status.stdout


def test_new_files_get_the_permissions_that_the_umask_leaves(tmp_path: Path) -> None:
    """A new file and a new executable, and the folder they lie in, under a strict umask."""
    umask = os.umask(0o027)
    try:
        apply_changes(tmp_path, ChangeSet((Change("bin/a", None, b""), Change("bin/b", None, b"", "100755"))), "new")
    finally:
        os.umask(umask)
    assert [0o750, 0o640, 0o750] == [
        stat.S_IMODE((tmp_path / path).stat().st_mode) for path in ("bin", "bin/a", "bin/b")
    ]


def test_a_file_that_was_moved_onto_another_has_its_own_permissions(tmp_path: Path) -> None:
    """The content that is taken over brings its permissions along."""
    write_tree(tmp_path, {"a": ("file", 0o600, b"a"), "b": ("file", 0o664, b"b")})
    moved = ChangeSet(
        (Change("a", b"a", None, "100644", "", "100644"), Change("b", b"b", b"a", "100644", "a", "100644"))
    )
    apply_changes(tmp_path, moved, "move")
    assert {"b": ("file", 0o600, b"a")} == snapshot(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_a_file_keeps_its_owner(tmp_path: Path) -> None:
    """Run as root on somebody's files: they stay somebody's, moved ones too, and when that is taken back."""
    write_files(tmp_path, {"a": b"a", "b": b"b"})
    os.chown(tmp_path / "a", 1234, 2345)
    os.chown(tmp_path / "b", 1234, 2345)
    gone = Change("b", b"b", None, "100644", "", "100644")
    edit = Change("a", b"a", b"c", "100644", "", "100644")
    apply_changes(tmp_path, ChangeSet((edit, gone, Change("d", None, b"b", "100644", "b"))), "move")
    assert [(1234, 2345)] * 2 == [((tmp_path / p).stat().st_uid, (tmp_path / p).stat().st_gid) for p in ("a", "d")]
    rollback_change(tmp_path)
    assert [(1234, 2345)] * 2 == [((tmp_path / p).stat().st_uid, (tmp_path / p).stat().st_gid) for p in ("a", "b")]


def test_folders_that_are_emptied_go_and_others_stay(tmp_path: Path) -> None:
    """A folder goes with its last file; one that has another file, or was empty, stays."""
    write_files(tmp_path, {"a/b/c.py": b"c", "a/d/e.py": b"e", "a/d/f.txt": b"f", "a/g/h/i.py": b"i"})
    (tmp_path / "a/g/empty").mkdir()
    gone = [Change(path, path[-4:-3].encode(), None, "100644", "", "100644") for path in
            ("a/b/c.py", "a/d/e.py", "a/g/h/i.py")]  # fmt: skip
    apply_changes(tmp_path, ChangeSet(tuple(gone)), "remove")
    assert ["a", "a/d", "a/d/f.txt", "a/g", "a/g/empty"] == sorted(snapshot(tmp_path))


def test_sixty_files_are_written_quickly_and_with_light_imports(tmp_path: Path) -> None:
    """60 changed files in well under 0.3 seconds, without the graph, the parser or the terminal."""
    write_files(tmp_path, {f"app/part{i % 6}/f{i}.py": b"x = 1\n" * 500 for i in range(60)})
    found = []
    for i in range(30):
        path = f"app/part{i % 6}/f{i}.py"
        found.append(Change(path, b"x = 1\n" * 500, b"x = 2\n" * 500, "100644", "", "100644"))
    for i in range(30, 60):
        path = f"app/part{i % 6}/f{i}.py"
        found.append(Change(path, b"x = 1\n" * 500, None, "100644", "", "100644"))
        found.append(Change(f"services/s{i % 5}/f{i}.py", None, b"x = 1\n" * 500, "100644", path))
    begun = time.perf_counter()
    apply_changes(tmp_path, ChangeSet(tuple(sorted(found, key=lambda change: change.path))), "speed")
    assert time.perf_counter() - begun < 0.3
    heavy = "import sys, decomposer.shell.history; print({'networkx', 'libcst', 'rich', 'typer'} & sys.modules.keys())"
    told = subprocess.run([sys.executable, "-c", heavy], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "set()\n" == told.stdout
