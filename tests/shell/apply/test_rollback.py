"""Taking a change back: byte for byte, once, and never over an edit that came later."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from decomposer.changeset import Change, ChangeSet
from decomposer.model.problems import DecomposerError
from decomposer.shell.apply import apply_changes
from decomposer.shell.history import history, rollback_change
from tests.conftest import write_files
from tests.shell.apply.faults import Fault, failing
from tests.shell.apply.trees import NEW, OLD, changes, snapshot, write_tree

CHANGES = changes(OLD, NEW)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository after a change of every kind."""
    write_tree(tmp_path / "repository", OLD)
    apply_changes(tmp_path / "repository", CHANGES, "all kinds")
    return tmp_path / "repository"


def edit(path: str, before: bytes | None, after: bytes | None) -> ChangeSet:
    return ChangeSet((Change(path, before, after, mode_before="" if before is None else "100644"),))


def test_a_rollback_restores_the_tree_byte_for_byte(root: Path) -> None:
    """Contents, permissions, links, folders that were removed with theirs, and none that were made."""
    record = rollback_change(root)
    assert OLD == snapshot(root)
    assert ("all kinds", len(CHANGES.changes), "rolled back by") == (record.title, record.files, record.state[:14])
    assert ["", record.id] == [record.undoes for record in history(root)]


def test_a_rollback_can_be_taken_back_and_made_again(root: Path) -> None:
    """A rollback is a change like any other when it is named."""
    first = history(root)[0].id
    for _ in range(2):
        rollback_change(root)
        assert OLD == snapshot(root)
        assert first == rollback_change(root, history(root)[-1].id).undoes
        assert NEW == snapshot(root)
        assert "applied" == history(root)[0].state


def test_a_change_is_not_rolled_back_twice(root: Path) -> None:
    """Neither as the last one nor by name: the message says what took it back."""
    first = rollback_change(root)
    with pytest.raises(DecomposerError, match="there is no change to roll back"):
        rollback_change(root)
    with pytest.raises(DecomposerError, match=f"rolled back by {history(root)[1].id}"):
        rollback_change(root, first.id)
    assert OLD == snapshot(root)


def test_rollbacks_go_back_step_by_step(tmp_path: Path) -> None:
    """Without a name, each one takes back the last change that still holds."""
    for number in range(3):
        apply_changes(tmp_path, edit("a", b"%d" % (number - 1) if number else None, b"%d" % number), f"change {number}")
    assert ["change 2", "change 1", "change 0"] == [rollback_change(tmp_path).title for _ in range(3)]
    assert {} == snapshot(tmp_path)


def test_an_older_change_of_the_same_file_is_named_first(tmp_path: Path) -> None:
    """The change whose file was changed again: refused with the command for the later change; others may go."""
    write_files(tmp_path, {"a": b"0", "b": b"0"})
    first = apply_changes(tmp_path, edit("a", b"0", b"1"), "first")
    other = apply_changes(tmp_path, edit("b", b"0", b"1"), "other")
    later = apply_changes(tmp_path, edit("a", b"1", b"2"), "later")
    told = f"a changed again in {later} .*in this order: decompose rollback {later}"
    with pytest.raises(DecomposerError, match=told):
        rollback_change(tmp_path, first)
    assert (b"2", b"1") == ((tmp_path / "a").read_bytes(), (tmp_path / "b").read_bytes())
    rollback_change(tmp_path, other)
    rollback_change(tmp_path, later)
    rollback_change(tmp_path, first)
    assert (b"0", b"0") == ((tmp_path / "a").read_bytes(), (tmp_path / "b").read_bytes())


def extracted(root: Path, *steps: tuple[str, str, str]) -> list[str]:
    """The ids of changes that each append a line to a file, for a context."""
    ids = []
    for path, context, title in steps:
        before = (root / path).read_bytes() if (root / path).exists() else None
        change = edit(path, before, (before or b"") + (context or title).encode())
        ids.append(apply_changes(root, change, title, (context,) if context else ()))
    return ids


def test_a_context_names_its_last_change_that_holds(tmp_path: Path) -> None:
    """The cut-over goes first, then the extraction; then it is said that nothing of the context holds."""
    extracted(tmp_path, ("a", "pay", "extract pay"), ("b", "users", "extract users"), ("a", "pay", "cutover pay"))
    assert [("pay",), ("users",), ("pay",)] == [record.contexts for record in history(tmp_path)]
    assert "cutover pay" == rollback_change(tmp_path, "pay").title
    assert "extract pay" == rollback_change(tmp_path, "pay").title
    with pytest.raises(DecomposerError, match="no change of `pay` holds any more"):
        rollback_change(tmp_path, "pay")
    with pytest.raises(DecomposerError, match="there is no change `payment`, and none that extracted"):
        rollback_change(tmp_path, "payment")


def test_what_is_to_be_taken_back_first_is_told_in_order(tmp_path: Path) -> None:
    """The last one first, what depends on what depends on it too, in words that do it; others are not named."""
    write_files(tmp_path, {"a": b"", "b": b""})
    both = ChangeSet((*edit("a", b"1", b"2").changes, *edit("b", b"", b"2").changes))
    extracted(tmp_path, ("a", "1", "extract 1"))
    apply_changes(tmp_path, both, "extract pay", ("pay",))
    extracted(tmp_path, ("c", "users", "extract users"))
    last = extracted(tmp_path, ("b", "", "move x y"))
    with pytest.raises(DecomposerError) as caught:
        rollback_change(tmp_path, history(tmp_path)[0].id, "undo {}".format)
    (problem,) = caught.value.problems
    assert "later-changes" == problem.code
    assert problem.hint.endswith(f"in this order: undo {last[0]} && undo pay") and "users" not in problem.render()
    for word in (last[0], "pay", "0001"):
        rollback_change(tmp_path, word)
    assert (b"", b"") == ((tmp_path / "a").read_bytes(), (tmp_path / "b").read_bytes())


def test_an_edit_beside_later_changes_is_told_too(tmp_path: Path) -> None:
    """Where a person has edited one file and a later change another, both are said."""
    write_files(tmp_path, {"a": b"0", "b": b"0"})
    first = ChangeSet((*edit("a", b"0", b"1").changes, *edit("b", b"0", b"1").changes))
    apply_changes(tmp_path, first, "first")
    apply_changes(tmp_path, edit("a", b"1", b"2"), "later")
    (tmp_path / "b").write_bytes(b"mine")
    with pytest.raises(DecomposerError) as caught:
        rollback_change(tmp_path, "0001")
    assert ["later-changes", "changed"] == [problem.code for problem in caught.value.problems]


def test_a_context_named_like_a_change_is_not_guessed(tmp_path: Path) -> None:
    """Both are told, each with words that mean it alone."""
    ids = extracted(tmp_path, ("a", "one", "extract one"), ("b", "0001", "extract 0001"))
    with pytest.raises(DecomposerError, match=f"rollback {ids[1]}; the other: decompose rollback 0001-"):
        rollback_change(tmp_path, "0001")
    assert "extract one" == rollback_change(tmp_path, "0001-").title
    assert "extract 0001" == rollback_change(tmp_path, ids[1]).title


def test_an_edit_that_came_later_is_kept(root: Path) -> None:
    """Files that were edited, replaced or put back: each is told, nothing is written."""
    (root / "app/edited.py").write_bytes(b"mine")
    (root / "link_turns").unlink()
    (root / "link_turns").symlink_to("mine")
    (root / "app/half/goes.py").write_bytes(b"mine")
    before = snapshot(root)
    with pytest.raises(DecomposerError) as caught:
        rollback_change(root)
    assert ["app/edited.py", "app/half/goes.py", "link_turns"] == [
        problem.path for problem in caught.value.problems
    ]
    assert all("nothing was changed" in problem.hint for problem in caught.value.problems)
    assert before == snapshot(root)
    assert 1 == len(history(root))


def test_what_is_as_it_was_already_is_in_nobodys_way(root: Path) -> None:
    """Files that came with the change and are gone, or were put back by hand: the rest is taken back all the same."""
    (root / "services/orders/moved.py").unlink()
    rollback_change(root)
    assert OLD == snapshot(root)
    assert "rolled back by" == history(root)[0].state[:14]


def test_what_others_put_into_new_folders_stays(root: Path) -> None:
    """A folder that a change made and that has something else in it now is not removed."""
    write_files(root, {"services/orders/mine.py": b"mine"})
    rollback_change(root)
    kept = {path: entry for path, entry in snapshot(root).items() if path not in OLD}
    assert ["services", "services/orders", "services/orders/mine.py"] == sorted(kept)


def test_a_change_that_was_taken_back_by_hand_counts_as_rolled_back(tmp_path: Path) -> None:
    """Every file is as it was before: nothing is written to them, and the one before is next."""
    apply_changes(tmp_path, edit("a", None, b"1"), "first")
    apply_changes(tmp_path, edit("a", b"1", b"2"), "second")
    (tmp_path / "a").write_bytes(b"1")
    touched = (tmp_path / "a").stat()
    assert "rolled back by" in rollback_change(tmp_path).state
    assert (touched.st_ino, touched.st_mtime_ns) == (
        (tmp_path / "a").stat().st_ino,
        (tmp_path / "a").stat().st_mtime_ns,
    )
    assert "first" == rollback_change(tmp_path).title


def test_what_was_put_aside_must_be_what_was_there(root: Path) -> None:
    """A copy in the history that was edited or removed, or a journal that was: refused, nothing written."""
    folder = root / ".decompose/history" / history(root)[0].id
    kept = next(path for path in sorted((folder / "before").iterdir()) if path.is_file() and not path.is_symlink())
    kept.chmod(0o644)
    content = kept.read_bytes()
    kept.write_bytes(content + b"x")
    with pytest.raises(DecomposerError, match="damaged-history"):
        rollback_change(root)
    kept.unlink()
    with pytest.raises(DecomposerError, match="damaged-history"):
        rollback_change(root)
    kept.symlink_to("/etc/passwd")
    with pytest.raises(DecomposerError, match="damaged-history"):
        rollback_change(root)
    (folder / "journal.json").write_bytes(b"{")
    assert "damaged" == history(root)[0].state
    with pytest.raises(DecomposerError, match="is damaged"):
        rollback_change(root, "0001")
    assert NEW == snapshot(root)


@pytest.mark.parametrize(("named", "said"), [
    ("0009", "there is no change `0009`"), ("../../etc", "there is no change"), ("000", "more than one change"),
    ("", "there is no change ``"),
])  # fmt: skip
def test_a_change_must_be_named_well(root: Path, named: str, said: str) -> None:
    """Unknown and ambiguous names are told, with the ones there are."""
    apply_changes(root, edit("more", None, b"x"), "more")
    with pytest.raises(DecomposerError, match=said) as caught:
        rollback_change(root, named)
    assert history(root)[0].id in caught.value.problems[0].hint


def test_a_rollback_where_nothing_was_ever_changed_is_told(tmp_path: Path) -> None:
    """No folder for the journal: the message, and no traceback."""
    with pytest.raises(DecomposerError, match="there is no change to roll back"):
        rollback_change(tmp_path)


def test_a_rollback_is_refused_where_a_folder_became_a_link(root: Path, tmp_path: Path) -> None:
    """Swapped between apply and rollback: nothing is written where it leads."""
    (tmp_path / "outside").mkdir()
    os.rename(root / "services", tmp_path / "aside")
    (root / "services").symlink_to(tmp_path / "outside")
    with pytest.raises(DecomposerError, match="leads through the symbolic link services"):
        rollback_change(root)
    assert [] == os.listdir(tmp_path / "outside")


def test_the_history_is_read_without_writing(root: Path) -> None:
    """Looking at the history changes nothing."""
    with failing(Fault()) as fault:
        assert ["all kinds"] == [record.title for record in history(root)]
    assert [] == fault.calls
