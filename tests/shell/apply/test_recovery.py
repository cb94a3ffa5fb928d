"""What the next run finds after a run that was killed, beside another run, or where it may not write."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from decomposer.changeset import Change, ChangeSet
from decomposer.model.problems import DecomposerError
from decomposer.shell.apply import apply_changes, recover, warn_of_unfinished
from decomposer.shell.history import history, rollback_change
from decomposer.shell.transaction import calls
from tests.conftest import write_files
from tests.shell.apply.faults import Fault, dies, failing
from tests.shell.apply.trees import NEW, OLD, changes, snapshot, write_tree

CHANGES = changes(OLD, NEW)


@pytest.fixture
def torn(tmp_path: Path) -> Path:
    """A repository in which a run was killed amidst its renames."""
    root = tmp_path / "repository"
    write_tree(root, OLD)
    with failing(Fault()) as counted:
        shutil.copytree(root, tmp_path / "copy", symlinks=True)
        apply_changes(tmp_path / "copy", CHANGES, "all kinds")
    last = max(number for number, name in enumerate(counted.calls) if name == "rename")  # which commits
    assert dies(Fault(last - 20), lambda: apply_changes(root, CHANGES, "all kinds"))
    assert snapshot(root) not in (OLD, NEW)
    return root


def test_a_killed_run_is_told_and_undone(torn: Path) -> None:
    """Commands that read warn of it; recovery undoes it and says whose change it was; once."""
    warning = warn_of_unfinished(torn)
    assert warning is not None and ("unfinished", "warning") == (warning.code, warning.severity)
    undone = recover(torn)
    assert undone is not None and "`all kinds`" in undone.message and "warning" == undone.severity
    assert OLD == snapshot(torn)
    assert recover(torn) is None
    assert warn_of_unfinished(torn) is None


@pytest.mark.parametrize("work", [
    lambda root: apply_changes(root, CHANGES, "again"),
    lambda root: apply_changes(root, ChangeSet((Change("new", None, b""),)), "other"),
])  # fmt: skip
def test_apply_recovers_first(torn: Path, work: Callable[[Path], str]) -> None:
    """The next change is made on the tree as it was before the one that was killed."""
    assert work(torn)
    assert 1 == len(history(torn))
    rollback_change(torn)
    assert OLD == snapshot(torn)


def test_a_rollback_recovers_first(torn: Path) -> None:
    """There is nothing to roll back, but what was half-made is undone."""
    with pytest.raises(DecomposerError, match="no change"):
        rollback_change(torn)
    assert OLD == snapshot(torn)


def test_an_edit_after_a_killed_run_is_kept(torn: Path) -> None:
    """A file that was edited since is named and nothing is undone; set aside, or the old one put back, it goes on."""
    mine = torn / ("app/edited.py" if (torn / "app/edited.py").read_bytes() != OLD["app/edited.py"][2] else "nothing")
    mine.write_bytes(b"mine")
    before = snapshot(torn)
    for work in (recover, rollback_change, lambda root: apply_changes(root, CHANGES, "again")):
        with pytest.raises(DecomposerError, match=f"{mine.relative_to(torn)}: error: was edited after"):
            work(torn)
        assert before == snapshot(torn)
    mine.unlink()
    recover(torn)
    assert OLD == snapshot(torn)


def test_half_a_change_may_be_kept(torn: Path) -> None:
    """As the message says: removing the folder keeps the files as they are."""
    before = snapshot(torn)
    shutil.rmtree(torn / ".decompose/unfinished")
    assert recover(torn) is None
    assert before == snapshot(torn)


@pytest.mark.parametrize("path", ["../outside", "/tmp/outside", ".git/hooks/post-commit", "app/../../outside"])
def test_a_journal_that_leads_outside_is_refused(torn: Path, path: str) -> None:
    """A journal that came with the repository may not write where a change may not."""
    journal = torn / ".decompose/unfinished/journal.json"
    told = json.loads(journal.read_bytes().decode("utf-8", "surrogateescape"))
    told["files"][3]["path"] = path
    journal.write_text(json.dumps(told))
    before = snapshot(torn)
    with pytest.raises(DecomposerError, match="outside"):
        recover(torn)
    assert before == snapshot(torn)
    assert ["copy", "repository"] == sorted(os.listdir(torn.parent))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"id": 1}'])
def test_a_damaged_journal_is_told(torn: Path, content: bytes) -> None:
    """A journal that cannot be understood: which one, and nothing is written."""
    (torn / ".decompose/unfinished/journal.json").write_bytes(content)
    before = snapshot(torn)
    with pytest.raises(DecomposerError, match=r"\.decompose/unfinished/journal\.json.*damaged-journal"):
        recover(torn)
    assert before == snapshot(torn)


def test_a_journal_may_not_name_files_elsewhere(torn: Path) -> None:
    """The names of files in `before/` and `staged/` are numbers."""
    journal = torn / ".decompose/unfinished/journal.json"
    journal.write_bytes(journal.read_bytes().replace(b'"0003"', b'"../../app"'))
    with pytest.raises(DecomposerError, match="damaged-journal"):
        recover(torn)


def test_of_eight_runs_at_once_exactly_one_applies(tmp_path: Path) -> None:
    """Eight processes with the same plan: one makes the change, the others are refused or find nothing to do."""
    write_tree(tmp_path / "repository", OLD)
    root, results = tmp_path / "repository", tmp_path / "results"
    results.mkdir()
    start = time.monotonic() + 0.1
    children = []
    for number in range(8):
        child = os.fork()
        if child == 0:
            try:
                time.sleep(max(0, start - time.monotonic()))
                try:
                    said = apply_changes(root, CHANGES, f"run {number}") or "nothing"
                except DecomposerError as error:
                    said = str(error)
                (results / str(os.getpid())).write_text(said)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    assert [0] * 8 == [os.waitpid(child, 0)[1] for child in children]
    said = {int(path.name): path.read_text() for path in results.iterdir()}
    applied = [pid for pid, text in said.items() if text.startswith("0001-")]
    assert 1 == len(applied)
    for pid, text in said.items():
        assert pid in applied or text == "nothing" or re.search(r"another run \(pid \d+\) is writing", text), text
    assert NEW == snapshot(root)
    assert 1 == len(history(root))


def test_a_run_that_is_writing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes second is refused at once, with the pid of the first; also for a rollback and a recovery."""
    write_files(tmp_path, {"a": b"1"})
    said: list[str] = []
    real = calls.rename

    def rename(*arguments: object) -> None:
        if not said and (tmp_path / ".decompose/unfinished/journal.json").exists():
            for work in (lambda root: apply_changes(root, CHANGES, "second"), rollback_change, recover):
                with pytest.raises(DecomposerError) as caught:
                    work(tmp_path)
                said.append(str(caught.value))
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(calls, "rename", rename)
    apply_changes(tmp_path, ChangeSet((Change("a", b"1", b"2"),)), "first")
    assert [f"another run (pid {os.getpid()}) is writing to this repository" in text for text in said] == [True] * 3
    assert b"2" == (tmp_path / "a").read_bytes()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may reach."""
    folder = Path(tempfile.mkdtemp(prefix="decompose-test-"))
    folder.chmod(0o777)
    yield folder
    for path in sorted(folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)


def as_nobody(root: Path, work: Callable[[], str]) -> str:
    """What some work gives or says as a user without privileges, whom everything belongs to."""
    for path in (root, *root.rglob("*")):
        os.chown(path, 65534, 65534, follow_symlinks=False)
    answer = root.parent / "answer"
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            try:
                said = work()
            except DecomposerError as error:
                said = str(error)
            answer.write_text(said)
            os._exit(0)
        finally:
            os._exit(1)
    assert (child, 0) == os.waitpid(child, 0)
    return answer.read_text()


unprivileged = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")


@unprivileged
def test_read_only_files_are_replaced_and_stay_read_only(open_folder: Path) -> None:
    """A user without privileges, with read-only files in folders that may be written to."""
    root = open_folder / "repository"
    write_tree(root, OLD)
    assert as_nobody(root, lambda: apply_changes(root, CHANGES, "all")).startswith("0001-")
    assert NEW == snapshot(root)
    assert as_nobody(root, lambda: rollback_change(root).title) == "all"
    assert OLD == snapshot(root)


@unprivileged
@pytest.mark.parametrize("path", ["app/half", "app/old/deep", "app", "."])
def test_a_folder_that_may_not_be_written_to_leaves_the_old_tree(open_folder: Path, path: str) -> None:
    """A read-only folder, met when other files have moved already: undone at once, and the folder is named."""
    root = open_folder / "repository"
    write_tree(root, OLD)
    bits = stat.S_IMODE((root / path).stat().st_mode)
    (root / path).chmod(0o555)
    said = as_nobody(root, lambda: apply_changes(root, CHANGES, "all"))
    assert "Permission denied: nothing was changed [cannot-write]" in said
    assert said.startswith(".decompose" if path == "." else f"{path}/")
    (root / path).chmod(bits)
    assert OLD == snapshot(root)
    assert not (root / ".decompose/unfinished").exists()


@unprivileged
def test_a_file_that_may_not_be_read_is_told(open_folder: Path) -> None:
    """Without its bytes nobody can say that it is what the plan was made for."""
    root = open_folder / "repository"
    write_tree(root, {**OLD, "app/edited.py": ("file", 0o000, OLD["app/edited.py"][2])})
    said = as_nobody(root, lambda: apply_changes(root, CHANGES, "all"))
    assert "app/edited.py: error: cannot be read: Permission denied [unreadable]" in said
