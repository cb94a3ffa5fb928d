"""Writing a change set and committing it to git: first what moves, then what is edited, so that history follows."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from decomposer.changeset import Change, ChangeSet
from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell.apply import apply_changes, is_applied
from decomposer.shell.transaction import store
from decomposer.shell.transaction.tree import LINK, opened
from decomposer.shell.transaction.writing import reading

# No hook or monitor of the repository is run: what is committed is what was planned.
_GIT = ("git", "-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false", "-c", "user.useConfigOnly=true")
_RAW = "surrogateescape"

Blob = tuple[str, str]
"""A file in git: its mode and the name of its content."""


class Committed(Struct, frozen=True):
    """A change's id and the names of the commits that hold it, the first one first; empty when nothing was written."""

    id: str
    commits: tuple[str, ...]


class _Base(Struct, frozen=True):
    """The commit to build on: the work tree's top folder, the repository's folder in it, and the files it has."""

    top: str
    prefix: str
    commit: str
    blobs: dict[str, Blob]


def commit_changes(root: Path, change_set: ChangeSet, title: str, contexts: tuple[str, ...] = ()) -> Committed:
    """Writes a change set, see `apply_changes`, and commits it: moved files unedited, then everything else.

    A commit that would change nothing is left out. What is staged or edited in other files stays so. Hooks are not
    run, commits are not signed, and author and committer are git's configured ones. Raises DecomposerError, and
    writes nothing, when a file of the change set differs from HEAD or git is not ready; when git fails afterwards,
    the error says that the files are written and not committed.
    """
    if is_applied(root, change_set):
        return Committed("", ())
    base = _check(root, change_set)
    identity = apply_changes(root, change_set, title, contexts)
    if not identity:
        return Committed("", ())
    try:
        commits = _commit(base, change_set, title)
    except DecomposerError as error:
        written = Problem(
            ".git", 0, "not-committed", f"the files are written ({identity}), but not committed",
            f"commit them yourself, or take them back with `decompose rollback {identity}`",
        )  # fmt: skip
        raise DecomposerError([written, *error.problems]) from None
    with suppress(OSError), reading(root) as tree, opened(tree, store.HOME) as home:
        store.write_commits(home, identity, commits)  # a note for who rolls back; the commits stand without it
    return Committed(identity, commits)


def _check(root: Path, change_set: ChangeSet) -> _Base:
    """What to build on; DecomposerError with every reason why git cannot take the change."""
    top = _git(str(root), "rev-parse", "--show-toplevel").removesuffix("\n")
    prefix = _git(str(root), "rev-parse", "--show-prefix").removesuffix("\n")
    commit = _git(top, "rev-parse", "--verify", "--quiet", "HEAD^{commit}", failing="HEAD has no commit yet").strip()
    for who in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
        _git(top, "var", who, failing="git does not know who commits: set user.name and user.email")
    if os.path.exists(os.path.join(top, _git(top, "rev-parse", "--git-path", "MERGE_HEAD").removesuffix("\n"))):
        raise DecomposerError(Problem(".git", 0, "git", "a merge has begun and not ended", "end it first"))
    listed = _git(top, "ls-tree", "-r", "-z", "--full-tree", commit)
    blobs: dict[str, Blob] = {}
    for line in filter(None, listed.split("\0")):
        about, _, path = line.partition("\t")
        mode, _, blob = about.split(" ")
        blobs[path] = mode, blob
    base = _Base(top, prefix, commit, blobs)
    _refuse_dirty(base, change_set)
    return base


def _refuse_dirty(base: _Base, change_set: ChangeSet) -> None:
    """Raises DecomposerError when a file that changes is not what HEAD has."""
    listed = _git(base.top, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=no",
                  "--ignore-submodules=all")  # fmt: skip
    dirty = {line[3:] for line in listed.split("\0") if line}
    problems: list[Problem] = []
    for change in change_set.changes:
        path = base.prefix + change.path
        if path in dirty:
            problems.append(Problem(change.path, 0, "not-committed", "has changes that are not committed",
                                    "commit or stash them first; nothing was written"))  # fmt: skip
        elif change.before is not None and path not in base.blobs:
            problems.append(Problem(change.path, 0, "not-committed", "is not known to git",
                                    "add and commit it first; nothing was written"))  # fmt: skip
    if problems:
        raise DecomposerError(problems)


def _commit(base: _Base, change_set: ChangeSet, title: str) -> tuple[str, ...]:
    """The names of the commits made; the index has the changed files, and HEAD moves last."""
    final = _final(base, change_set)
    moves: dict[str, Blob | None] = {}
    for change in change_set.changes:
        old = base.prefix + change.moved_from
        if change.moved_from and change.before is None and change.after is not None and old in base.blobs:
            moves |= {old: None, base.prefix + change.path: base.blobs[old]}
    with tempfile.TemporaryDirectory(prefix="decompose-") as folder:
        index = os.path.join(folder, "index")
        _git(base.top, "read-tree", base.commit, index=index)
        trees = [_git(base.top, "rev-parse", f"{base.commit}^{{tree}}").strip()]
        messages = []
        for step, message in ((moves, "files moved, not edited"), (final, "what names them, and the rest")):
            _update(base, step, index)
            tree = _git(base.top, "write-tree", index=index).strip()
            if tree != trees[-1]:
                trees.append(tree)
                messages.append(message)
    commits: list[str] = []
    for number, (tree, message) in enumerate(zip(trees[1:], messages, strict=True), 1):
        told = title if len(messages) == 1 else f"{title} ({number} of 2: {message})"
        above = commits[-1] if commits else base.commit
        commits.append(_git(base.top, "commit-tree", tree, "-p", above, "-F", "-", stdin=told + "\n").strip())
    _move_head(base, commits, final, title)
    return tuple(commits)


def _move_head(base: _Base, commits: list[str], final: Mapping[str, Blob | None], title: str) -> None:
    moved = Problem(".git", 0, "head-moved", "HEAD moved while the change was being written", "look at `git log`")
    if _git(base.top, "rev-parse", "HEAD").strip() != base.commit:
        raise DecomposerError(moved)
    if not commits:
        return
    _update(base, final, "")  # first, so that a run killed here leaves the files staged
    _git(base.top, "update-ref", "-m", f"decompose: {title}", "HEAD", commits[-1], base.commit,
         failing=f"{moved.message}, or cannot be moved")  # fmt: skip
    with suppress(DecomposerError):  # it fails for files that others have edited
        _git(base.top, "update-index", "-q", "--refresh")


def _final(base: _Base, change_set: ChangeSet) -> dict[str, Blob | None]:
    """Every file as it is to be in git, its content stored there: filtered as `git add` would."""
    files = {base.prefix + change.path: change for change in change_set.changes}
    plain = [path for path, change in files.items() if change.after is not None and _is_plain(path, change)]
    listed = _git(base.top, "hash-object", "-w", "--stdin-paths", stdin="".join(f"{path}\n" for path in plain))
    names = dict(zip(plain, listed.split(), strict=True))
    for path, change in files.items():
        if change.after is not None and path not in names:
            how = ("--no-filters",) if change.mode == LINK else ("--path", path)
            names[path] = _git(base.top, "hash-object", "-w", "--stdin", *how, stdin=change.after).strip()
    return {path: (change.mode, names[path]) if path in names else None for path, change in files.items()}


def _is_plain(path: str, change: Change) -> bool:
    """Whether git can read a file by a line with its path."""
    return change.mode != LINK and "\n" not in path and not path.startswith('"')


def _update(base: _Base, files: Mapping[str, Blob | None], index: str) -> None:
    """Sets files in an index (the repository's own when none is given): those that go first."""
    gone = f"0 {'0' * len(base.commit)}"
    lines: Iterable[tuple[str, Blob | None]] = sorted(files.items(), key=lambda item: item[1] is not None)
    text = "".join(f"{' '.join(blob) if blob else gone}\t{path}\0" for path, blob in lines)
    _git(base.top, "update-index", "--add", "--replace", "-z", "--index-info", stdin=text, index=index)


def _git(folder: str, *arguments: str, stdin: str | bytes = "", index: str = "", failing: str = "") -> str:
    """What git prints; DecomposerError, with `failing` or git's own words, when it fails."""
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    if index:
        environment["GIT_INDEX_FILE"] = index
    try:
        done = subprocess.run(
            (*_GIT, *arguments), cwd=folder, env=environment, capture_output=True, check=False,
            input=stdin if isinstance(stdin, bytes) else stdin.encode("utf-8", _RAW),
        )  # fmt: skip
    except FileNotFoundError:
        raise DecomposerError(Problem("git", 0, "git", "is not installed", "leave --commit out")) from None
    if done.returncode:
        said = failing or done.stderr.decode("utf-8", "replace").strip() or f"`git {arguments[0]}` failed"
        raise DecomposerError(Problem(".git", 0, "git", said, "mend that, or leave --commit out"))
    return done.stdout.decode("utf-8", _RAW)
