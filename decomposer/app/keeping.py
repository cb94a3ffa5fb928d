"""How every change is made, kept, listed and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from decomposer.app.options import Options
from decomposer.shell import locate

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from decomposer.changeset import ChangeSet
    from decomposer.model.problems import Problem
    from decomposer.shell.committing import Committed
    from decomposer.shell.history import Record


def only_writer(options: Options) -> AbstractContextManager[Problem | None]:
    """Lets no other run write to the repository as long as it lasts; a command that writes plans inside.

    Gives a warning when what a killed run had left half-made was undone. Raises DecomposerError when another is at it.
    """
    from decomposer.shell.apply import only_writer

    return only_writer(locate.find_repository(options.repo))


def apply(
    options: Options, change_set: ChangeSet, title: str, commit: bool, contexts: tuple[str, ...] = ()
) -> Committed:
    """Makes a change, and commits it where that is wished: its id, "" when every file is already what it is to be.

    `contexts` are those that it takes a step further, by which it can be taken back.
    Raises DecomposerError, and changes nothing, when a file was edited since, another run is writing, or the
    system or git refuses.
    """
    from decomposer.shell.apply import apply_changes
    from decomposer.shell.committing import Committed, commit_changes

    root = locate.find_repository(options.repo)
    if commit:
        return commit_changes(root, change_set, title, contexts)
    return Committed(apply_changes(root, change_set, title, contexts), ())


def rollback(
    options: Options, wanted: str | None, command: Callable[[str], str] = "decompose rollback {}".format
) -> Record:
    """Takes back a change, byte for byte, and gives its record: the one named, or the last that still holds.

    Named is an id, or a context, whose last change is meant; `command` gives the words that take back a change.

    Raises DecomposerError, and changes nothing, when a file was edited since or there is no such change.
    """
    from decomposer.shell.history import rollback_change

    return rollback_change(locate.find_repository(options.repo), wanted, command)


def changes(options: Options) -> list[Record]:
    """All changes that were made to the repository, the first one first."""
    from decomposer.shell.history import history

    return history(locate.find_repository(options.repo))
