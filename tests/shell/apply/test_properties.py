"""Of any tree and any change: it is made or not at all, and taken back byte for byte."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from decomposer.model.problems import DecomposerError
from decomposer.shell.apply import apply_changes, recover
from decomposer.shell.history import rollback_change
from tests.shell.apply.faults import Fault, failing
from tests.shell.apply.trees import Tree, changes, snapshot, write_tree

NAMES = st.lists(st.sampled_from(["a", "b", "é"]), min_size=1, max_size=4).map("/".join)
FILES = st.one_of(
    st.tuples(st.just("file"), st.sampled_from([0o644, 0o755, 0o600, 0o751]), st.binary(max_size=3)),
    st.tuples(st.just("link"), st.just(0), st.sampled_from([b"a", b"../b", b"nowhere"])),
)
EMPTY = st.tuples(st.just("folder"), st.sampled_from([0o755, 0o700]), st.just(b""))


def without_conflicts(tree: Tree) -> Tree:
    """The tree without what would lie below a file."""
    files = [path for path, entry in tree.items() if entry[0] != "folder"]
    return {path: entry for path, entry in tree.items() if not any(path.startswith(file + "/") for file in files)}


def files(tree: Tree) -> Tree:
    return {path: entry for path, entry in tree.items() if entry[0] != "folder"}


def kinds(tree: Tree) -> dict[str, tuple[str, bool, bytes]]:
    """Files as git has them."""
    return {path: (kind, bool(bits & 0o100), content) for path, (kind, bits, content) in files(tree).items()}


OLD = st.dictionaries(NAMES, st.one_of(FILES, EMPTY), max_size=8).map(without_conflicts)
NEW = st.dictionaries(NAMES, FILES, max_size=8).map(without_conflicts)


@given(OLD, NEW)
@settings(max_examples=60, deadline=None)
def test_any_change_is_made_and_taken_back(old: Tree, new: Tree) -> None:
    """Files become folders, links or nothing, and back: the new files, then the old tree with every folder."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        write_tree(root, old)
        before = snapshot(root)
        try:
            identity = apply_changes(root, changes(before, new), "any")
        except DecomposerError as error:
            assert "is-a-folder" in str(error)  # an empty folder is in the way, or one that has one
            assert before == snapshot(root)
            return
        assert kinds(new) == kinds(snapshot(root))
        if identity:
            rollback_change(root)
            assert before == snapshot(root)


@given(OLD, NEW, st.integers(1, 120), st.booleans(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_any_change_that_fails_anywhere_is_undone(old: Tree, new: Tree, at: int, after: bool, lasting: bool) -> None:
    """An error anywhere: the old tree at once or after recovery, or the new files."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        write_tree(root, old)
        before = snapshot(root)
        try:
            with failing(Fault(at, errno.EIO, after=after, lasting=lasting, partly=True)):
                apply_changes(root, changes(before, new), "any")
        except DecomposerError:
            recover(root)
            if before != snapshot(root):
                assert kinds(new) == kinds(snapshot(root))
        else:
            assert kinds(new) == kinds(snapshot(root))
