"""What apply refuses, every reason at once and before anything is written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from decomposer.changeset import Change, ChangeSet
from decomposer.model.problems import DecomposerError
from decomposer.shell.apply import apply_changes, recover
from decomposer.shell.transaction import writing
from tests.conftest import write_files
from tests.shell.apply.faults import Fault, failing
from tests.shell.apply.trees import snapshot

FILES = {"app/a.py": b"a", "app/b.py": b"b", "Docs/Guide.md": b"g", "app/caf\u00e9.py": b"c", "run.sh": b"r"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository beside a folder that is none of its business."""
    write_files(tmp_path / "repository", FILES)
    write_files(tmp_path / "outside", {"a.py": b"a", "secret": b"s"})
    return tmp_path / "repository"


def refused(root: Path, *changes: Change) -> list[tuple[str, str]]:
    """The path and code of each problem; nothing has been written, here or beside."""
    before = snapshot(root), snapshot(root.parent / "outside")
    with pytest.raises(DecomposerError) as caught:
        apply_changes(root, ChangeSet(changes), "refused")
    assert before == (snapshot(root), snapshot(root.parent / "outside"))
    assert ["outside", "repository"] == sorted(os.listdir(root.parent))
    assert not (root / ".decompose/unfinished").exists()
    assert not list((root / ".decompose/history").glob("*"))
    return [(problem.path, problem.code) for problem in caught.value.problems]


def edit(path: str, before: bytes = b"a", after: bytes | None = b"new", mode: str = "100644") -> Change:
    return Change(path, before, after, mode, "", "100644")


@pytest.mark.parametrize("path", [
    "../outside/a.py", "app/../../outside/a.py", "/etc/decompose", "app/./c.py", "app//c.py", "", "app/", ".", "..",
    "a\0b", ".git/config", "app/.git/hooks/x", ".GIT/config", ".git", ".g\u200cit/config", "git~1/config", ".git /x",
    ".git./x", ".git::$INDEX_ALLOCATION/x", ".decompose/lock", ".Decompose/history/x",
])  # fmt: skip
def test_paths_outside_the_repository_are_refused(root: Path, path: str) -> None:
    """Upwards, absolute, malformed, git's own under all its names, and the tool's own."""
    assert [(path, "outside")] == refused(root, Change(path, None, b"x"))


def test_a_source_outside_the_repository_is_refused(root: Path) -> None:
    """Also where a path only says where content was moved from."""
    assert [("../outside/a.py", "outside")] == refused(root, Change("c.py", None, b"x", moved_from="../outside/a.py"))


@pytest.mark.parametrize("path", [".gitignore", ".github/x", ".gitattributes", "app/git/x", "app/.git-x"])
def test_names_that_only_look_like_gits_are_written(root: Path, path: str) -> None:
    """What belongs to the repository, not to git."""
    assert apply_changes(root, ChangeSet((Change(path, None, b"x"),)), "fine")


def test_every_stale_file_is_told(root: Path) -> None:
    """Files that were edited, removed, created, or have another mode or kind since the plan was made."""
    write_files(root, {"app/a.py": b"edited", "app/new.py": b"mine"})
    (root / "app/b.py").unlink()
    (root / "run.sh").chmod(0o755)
    (root / "Docs/Guide.md").unlink()
    (root / "Docs/Guide.md").symlink_to("g")
    assert [
        ("Docs/Guide.md", "changed"), ("app/a.py", "changed"), ("app/b.py", "changed"), ("app/new.py", "changed"),
        ("run.sh", "changed"),
    ] == refused(
        root, edit("Docs/Guide.md", b"g"), edit("app/a.py"), edit("app/b.py", b"b", None),
        Change("app/new.py", None, b"x"), edit("run.sh", b"r"),
    )  # fmt: skip


def test_a_folder_that_became_a_symbolic_link_is_refused(root: Path) -> None:
    """Swapped between plan and apply, for an existing file and a new one: nothing is written where it leads."""
    shutil.rmtree(root / "app")
    (root / "app").symlink_to(root.parent / "outside")
    assert [("app/a.py", "not-a-folder"), ("app/c.py", "not-a-folder")] == refused(
        root, edit("app/a.py"), Change("app/c.py", None, b"x")
    )


def test_a_folder_that_becomes_a_link_while_files_are_written_leads_nowhere(tmp_path: Path) -> None:
    """Swapped before any call that writes: nothing is written outside, and the tree is the old or the new one."""
    change_set = ChangeSet((edit("app/a.py"), Change("app/sub/c.py", None, b"x")))
    new = FILES | {"app/a.py": b"new", "app/sub/c.py": b"x"}
    reached = at = 0
    while reached == at:
        at += 1
        root = tmp_path / str(at)
        write_files(root, FILES)
        write_files(tmp_path / "outside", {"a.py": b"a", "secret": b"s"})
        with swapping(at, lambda root=root: swap(root, tmp_path / "outside")) as seen, suppress(DecomposerError):
            apply_changes(root, change_set, "swapped")
        reached = min(len(seen), at)
        assert {"a.py", "secret"} == set(os.listdir(tmp_path / "outside"))
        assert b"a" == (tmp_path / "outside/a.py").read_bytes()
        if reached == at:
            (root / "app").unlink()
            (root / "aside").rename(root / "app")
        recover(root)
        assert contents(root) in (FILES, new)
    assert new == contents(root)
    assert at > 20


def swap(root: Path, outside: Path) -> None:
    """Puts a link in the place of a folder."""
    (root / "app").rename(root / "aside")
    (root / "app").symlink_to(outside)


def contents(root: Path) -> dict[str, bytes]:
    return {path: content for path, (kind, _, content) in snapshot(root).items() if kind != "folder"}


@contextmanager
def swapping(at: int, work: Callable[[], None]) -> Iterator[list[str]]:
    """Does some work before one of the calls that change something; gives the names of the calls made so far."""
    with failing(Fault()) as fault:
        meet = fault.meet

        def first(name: str, *rest: object) -> object:
            if len(fault.calls) == at - 1:
                work()
            return meet(name, *rest)  # type: ignore[arg-type]

        fault.meet = first  # type: ignore[method-assign, assignment]
        yield fault.calls


def test_the_tools_own_folder_may_not_be_a_link(root: Path) -> None:
    """A repository that brings a link `.decompose` along: nothing is written where it leads."""
    (root / ".decompose").symlink_to(root.parent / "outside")
    with pytest.raises(DecomposerError, match="Not a directory"):
        apply_changes(root, ChangeSet((edit("app/a.py"),)), "link")
    assert ["a.py", "secret"] == sorted(os.listdir(root.parent / "outside"))
    assert b"a" == (root / "app/a.py").read_bytes()


@pytest.mark.parametrize("name", ["lock", ".gitignore", "history", "unfinished"])
def test_nothing_in_the_tools_own_folder_may_be_a_link(root: Path, name: str) -> None:
    """The same of what lies in it."""
    (root / ".decompose").mkdir()
    (root / ".decompose" / name).symlink_to(root.parent / "outside" / ("secret" if name[-1] in "ke" else ""))
    before = snapshot(root.parent / "outside")
    with pytest.raises(DecomposerError):
        apply_changes(root, ChangeSet((edit("app/a.py"),)), "link")
    assert before == snapshot(root.parent / "outside")
    assert b"a" == (root / "app/a.py").read_bytes()


@pytest.mark.parametrize(("path", "other"), [
    ("app/A.py", "app/a.py"), ("docs/guide.md", "Docs"), ("app/cafe\u0301.py", "app/caf\u00e9.py"),
    ("APP/x.py", "app"), ("RUN.SH", "run.sh"),
])  # fmt: skip
def test_names_that_some_systems_cannot_tell_apart_are_refused(root: Path, path: str, other: str) -> None:
    """A new name that differs from a neighbour's in case or Unicode form only."""
    with pytest.raises(DecomposerError, match=f"the name of {other},"):
        apply_changes(root, ChangeSet((Change(path, None, b"x"),)), "same")
    assert [(path, "same-name")] == refused(root, Change(path, None, b"x"))


@pytest.mark.parametrize(("one", "other"), [
    ("new/a.py", "new/A.py"), ("new/Sub/a.py", "new/sub/b.py"), ("stra\u00dfe", "STRASSE"), ("\u212b", "\u00e5"),
    ("x/caf\u00e9", "x/cafe\u0301"),
])  # fmt: skip
def test_new_names_that_some_systems_cannot_tell_apart_are_refused(root: Path, one: str, other: str) -> None:
    """Two new names that differ in case or Unicode form only."""
    assert [(other, "same-name")] == refused(root, Change(one, None, b"x"), Change(other, None, b"x"))


def test_a_name_may_change_its_case(root: Path) -> None:
    """A file that moves to its own name in other letters: there is one of them before and after."""
    moved = (edit("app/a.py", b"a", None), Change("app/A.py", None, b"a", "100644", "app/a.py"))
    apply_changes(root, ChangeSet(moved), "case")
    assert ["A.py", "b.py", "caf\u00e9.py"] == sorted(os.listdir(root / "app"))


def test_a_file_where_a_folder_must_be_is_refused(root: Path) -> None:
    """A file on the way, a folder at the end, and two new files of which one would be a folder."""
    assert [("run.sh/x", "not-a-folder")] == refused(root, Change("run.sh/x", None, b"x"))
    assert [("app", "is-a-folder")] == refused(root, Change("app", None, b"x"))
    assert [("n", "not-a-folder")] == refused(root, Change("n", None, b"x"), Change("n/x", None, b"x"))


def test_a_pipe_is_refused(root: Path) -> None:
    """What is neither a file nor a link is neither read nor replaced."""
    os.mkfifo(root / "pipe")
    with pytest.raises(DecomposerError, match="special-file"):
        apply_changes(root, ChangeSet((edit("pipe"),)), "pipe")
    assert (root / "pipe").is_fifo()


def test_an_edit_of_the_last_moment_is_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is edited, or appears, after it was looked at and before it is replaced: refused, edit kept."""
    real = writing.put_in_place

    def put_in_place(*arguments: object) -> None:
        write_files(root, edits)
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "put_in_place", put_in_place)
    for edits in ({"app/b.py": b"edit"}, {"app/new.py": b"mine"}):
        with pytest.raises(DecomposerError, match="touched while"):
            apply_changes(
                root, ChangeSet((edit("app/a.py"), edit("app/b.py", b"b"), Change("app/new.py", None, b"x"))), "x"
            )
        assert b"a" == (root / "app/a.py").read_bytes()
        for path, content in edits.items():
            assert content == (root / path).read_bytes()
        write_files(root, {"app/b.py": b"b"})
