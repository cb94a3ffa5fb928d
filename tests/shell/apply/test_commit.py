"""Committing a change: moves first, so that history follows, and nothing of the user's disturbed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from decomposer.changeset import Change, ChangeSet
from decomposer.model.problems import DecomposerError
from decomposer.shell import committing
from decomposer.shell.committing import Committed, commit_changes
from decomposer.shell.history import history, rollback_change
from tests.conftest import write_files
from tests.shell.apply.trees import NEW, OLD, changes, snapshot, write_tree

LINES = "".join(f"line {number}\n" for number in range(40)).encode()
EDITED = LINES.replace(b"line 7\n", b"line seven\n")
MOVE = ChangeSet((
    Change("old.py", LINES, b"# moved\n", "100644", "", "100644"),
    Change("services/new.py", None, EDITED, "100644", "old.py"),
    Change("user.py", b"import old\n", b"import new\n", "100644", "", "100644"),
))  # fmt: skip


@pytest.fixture(autouse=True)
def own_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git as configured here, and as nobody else configured it."""
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (tmp_path / "gitconfig").write_text(
        "[user]\nname = A. Author\nemail = author@example.org\n[init]\ndefaultBranch=main\n"
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A git repository with two modules and a file that is none of the change's business."""
    root = tmp_path / "repository"
    write_files(root, {"old.py": LINES, "user.py": b"import old\n", "other.py": b"other\n", "more.py": b"more\n"})
    start(root)
    return root


def start(root: Path) -> None:
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "before")


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=True)
    return done.stdout.decode("utf-8", "surrogateescape")


def refused(root: Path, said: str) -> None:
    """Checks that committing is refused and nothing at all has changed."""
    before = snapshot(root)
    with pytest.raises(DecomposerError, match=said):
        commit_changes(root, MOVE, "move")
    assert before == snapshot(root)
    assert not (root / ".decompose").exists()


def test_moves_are_committed_first_and_edits_after(root: Path) -> None:
    """Two commits: in the first, the new file is the old one; the tree is clean afterwards."""
    done = commit_changes(root, MOVE, "Move old to new")
    assert [f"{done.commits[0]} Move old to new (1 of 2: files moved, not edited)",
            f"{done.commits[1]} Move old to new (2 of 2: what names them, and the rest)"] == git(
        root, "log", "--reverse", "--format=%H %s", "HEAD~2..").splitlines()  # fmt: skip
    assert "R100\told.py\tservices/new.py\n" == git(root, "diff", "-M", "--name-status", "HEAD~2", "HEAD~1")
    assert "" == git(root, "status", "--porcelain")
    assert "A. Author <author@example.org>" == git(root, "log", "-1", "--format=%an <%ae>").strip()
    assert done.commits == history(root)[0].commits
    assert done.id == history(root)[0].id


def test_git_follows_the_moved_file(root: Path) -> None:
    """`git log --follow` goes on beyond the move; `git blame` names the first commit for lines not edited."""
    first = git(root, "rev-parse", "HEAD").strip()
    commit_changes(root, MOVE, "move")
    assert 3 == len(git(root, "log", "--follow", "--format=%h", "services/new.py").splitlines())
    blamed = [line.split()[0].lstrip("^") for line in git(root, "blame", "-l", "services/new.py").splitlines()]
    assert 39 == sum(first.startswith(name) for name in blamed)


def test_every_kind_of_change_is_committed(tmp_path: Path) -> None:
    """Links, modes, names that are not UTF-8, files that become folders: git has what is on disk."""
    root = tmp_path / "all"
    write_tree(root, {**OLD, 'quo"ted\nname': ("file", 0o644, b"1\n")})
    start(root)
    change_set = changes(
        {**OLD, 'quo"ted\nname': ("file", 0o644, b"1\n")}, {**NEW, 'quo"ted\nname': ("file", 0o644, b"2\n")}
    )
    assert 2 == len(commit_changes(root, change_set, "all").commits)
    assert "" == git(root, "status", "--porcelain")
    assert {**NEW, 'quo"ted\nname': ("file", 0o644, b"2\n")} == {
        path: entry for path, entry in snapshot(root).items() if not path.startswith(".git")
    }
    git(root, "fsck", "--strict")


def test_what_others_staged_and_edited_stays_so(root: Path) -> None:
    """An edit staged in one file, another in the work tree, a new file: untouched, and in no commit."""
    write_files(root, {"other.py": b"staged\n", "more.py": b"edited\n", "untracked.py": b"new\n"})
    git(root, "add", "other.py")
    commit_changes(root, MOVE, "move")
    assert " M more.py\nM  other.py\n?? untracked.py\n" == git(root, "status", "--porcelain")
    assert ["old.py", "services/new.py", "user.py"] == git(root, "diff", "--name-only", "HEAD~2", "HEAD").splitlines()


@pytest.mark.parametrize("staged", [True, False])
def test_a_file_with_uncommitted_changes_is_refused(root: Path, staged: bool) -> None:
    """Staged, though the work tree has what the plan saw; or edited since HEAD."""
    if staged:
        write_files(root, {"user.py": b"staged\n"})
        git(root, "add", "user.py")
        write_files(root, {"user.py": b"import old\n"})
    else:
        write_files(root, {"user.py": b"committed\n"})
        git(root, "commit", "-qam", "another")
        write_files(root, {"user.py": b"import old\n"})
    refused(root, "user.py: error: has changes that are not committed")


def test_a_file_that_git_does_not_know_is_refused(root: Path) -> None:
    """Untracked or ignored: it could not be told from the rest of the change."""
    git(root, "rm", "-q", "--cached", "user.py")
    git(root, "commit", "-qm", "forget")
    refused(root, "user.py: error: is not known to git")
    write_files(root, {".gitignore": b"user.py\n"})
    refused(root, "user.py: error: is not known to git")


def test_git_must_know_who_commits(root: Path, tmp_path: Path) -> None:
    """No name and address configured: refused before anything is written; the environment's will do."""
    (tmp_path / "gitconfig").write_text("")
    refused(root, "user.name and user.email")


def test_the_environment_may_say_who_commits(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git's own variables count as configuration."""
    (tmp_path / "gitconfig").write_text("")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "E. Env")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "env@example.org")
    commit_changes(root, MOVE, "move")
    assert "E. Env" == git(root, "log", "-1", "--format=%an").strip()


def test_a_merge_that_has_begun_is_refused(root: Path) -> None:
    """Nobody's merge is ended by the way."""
    git(root, "checkout", "-q", "-b", "side")
    write_files(root, {"side.py": b"side\n"})
    git(root, "add", "side.py")
    git(root, "commit", "-qm", "side")
    git(root, "checkout", "-q", "main")
    git(root, "merge", "-q", "--no-commit", "--no-ff", "side")
    refused(root, "a merge has begun")


def test_without_git_or_a_commit_it_is_refused(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No repository, no commit yet, no git: each is said."""
    plain = tmp_path / "plain"
    write_files(plain, {"old.py": LINES, "user.py": b"import old\n"})
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    refused(plain, "not a git repository")
    git(plain, "init", "-q")
    refused(plain, "HEAD has no commit yet")
    monkeypatch.setenv("PATH", str(plain))
    refused(root, "git: error: is not installed")


def test_a_detached_head_and_a_repository_below_another_folder(tmp_path: Path) -> None:
    """The repository may be a folder of a larger one, and HEAD need not be a branch."""
    write_files(tmp_path / "whole", {"README": b"r\n"})
    root = tmp_path / "whole/apps/shop"
    write_files(root, {"old.py": LINES, "user.py": b"import old\n"})
    start(tmp_path / "whole")
    git(root, "checkout", "-q", "--detach")
    done = commit_changes(root, MOVE, "move")
    assert done.commits[-1] == git(root, "rev-parse", "HEAD").strip()
    assert git(root, "rev-parse", "main") != git(root, "rev-parse", "HEAD")
    assert "apps/shop/services/new.py" in git(root, "show", "--name-only", "--format=", "HEAD").split()
    assert "" == git(tmp_path / "whole", "status", "--porcelain")


def test_a_head_that_moves_meanwhile_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Someone commits while the files are written: they stay written, and the error says what to do."""
    real = committing.apply_changes

    def apply_changes(*arguments: object) -> str:
        git(root, "commit", "-q", "--allow-empty", "-m", "someone else's")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(committing, "apply_changes", apply_changes)
    with pytest.raises(DecomposerError, match=r"HEAD moved(.|\n)*written \(0001-\w+\), but not committed"):
        commit_changes(root, MOVE, "move")
    assert "someone else's" == git(root, "log", "-1", "--format=%s").strip()
    assert b"import new\n" == (root / "user.py").read_bytes()
    assert "" == git(root, "diff", "--cached", "--name-only")
    rollback_change(root)
    assert "" == git(root, "status", "--porcelain")


def test_no_hook_is_run(root: Path) -> None:
    """What is committed is what was planned, whatever hooks would do to it."""
    for name in ("pre-commit", "commit-msg", "post-commit", "reference-transaction", "post-index-change"):
        hook = root / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {root}/hook-{name}\nexit 1\n")
        hook.chmod(0o755)
    commit_changes(root, MOVE, "move")
    assert [] == [name for name in os.listdir(root) if name.startswith("hook")]


def test_line_ends_are_stored_as_git_is_told_to(root: Path) -> None:
    """A repository with `text=auto`: CRLF on disk, LF in git, and a clean status."""
    write_files(root, {".gitattributes": b"*.bat text eol=crlf\n", "a.bat": b"one\r\n"})
    git(root, "add", "-A")
    git(root, "commit", "-qm", "attributes")
    edit = Change("a.bat", b"one\r\n", b"two\r\n", "100644", "", "100644")
    commit_changes(root, ChangeSet((edit, Change("b.bat", None, b"b\r\n"))), "edit")
    assert "two\n" == git(root, "show", "HEAD:a.bat")
    assert "" == git(root, "status", "--porcelain")


def test_only_edits_or_only_moves_make_one_commit(root: Path) -> None:
    """A commit without changes is left out, and the title stands alone."""
    moved = ChangeSet(
        (Change("moved.py", None, LINES, "100644", "old.py"), Change("old.py", LINES, None, "100644", "", "100644"))
    )
    assert 1 == len(commit_changes(root, moved, "only a move").commits)
    edited = ChangeSet((Change("user.py", b"import old\n", b"import moved\n", "100644", "", "100644"),))
    assert 1 == len(commit_changes(root, edited, "only an edit").commits)
    assert ["only an edit", "only a move", "before"] == git(root, "log", "--format=%s").splitlines()


def test_nothing_to_write_is_nothing_to_commit(root: Path) -> None:
    """The same change set again: no commit, also when HEAD has nothing of it."""
    commit_changes(root, MOVE, "move")
    head = git(root, "rev-parse", "HEAD")
    assert Committed("", ()) == commit_changes(root, MOVE, "move")
    assert Committed("", ()) == commit_changes(root, ChangeSet(), "nothing")
    assert head == git(root, "rev-parse", "HEAD")


def test_a_rollback_leaves_the_commits(root: Path) -> None:
    """The files are restored, the record names the commits for `git revert`."""
    done = commit_changes(root, MOVE, "move")
    record = rollback_change(root)
    assert done.commits == record.commits
    assert LINES == (root / "old.py").read_bytes()
    assert done.commits[-1] == git(root, "rev-parse", "HEAD").strip()
