"""What stands already where a change would write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from decomposer.changeset import Write
from decomposer.model.problems import Problem

Read = Callable[[str], bytes | None]
Mode = Callable[[str], str]

LINK = "120000"
"""Git's mode of a symbolic link."""


def links(
    writes: Iterable[Write], link_above: Callable[[str], tuple[str, str] | None], problems: list[Problem]
) -> list[Write]:
    """Symbolic links that stand where folders or files must be: they go, or what they lead to would change."""
    found: dict[str, bool] = {}
    for write in writes:
        link = link_above(write.path) if write.content is not None else None
        if link is not None and link[0] not in found:
            path, target = link
            found[path] = path == write.path
            problems.append(Problem(path, 0, "replaced", f"is a symbolic link to `{target}`: replaced by a "
                                    f"{'file' if path == write.path else 'folder'}", severity="warning"))  # fmt: skip
    return [Write(path, None, f"the folder {path}", LINK) for path, is_file in found.items() if not is_file]


def on_disk(write: Write, read: Read, mode: Mode) -> Write:
    """The write with the mode of the file that is there, which a file that is only rewritten keeps."""
    if read(write.path) is None:
        return write
    present = mode(write.path)
    keeps = not write.moved_from and LINK not in (present, write.mode)
    return replace(write, mode=present if keeps else write.mode, mode_before=present)


def replaced(writes: Iterable[Write], read: Read, mode: Mode) -> Iterator[Problem]:
    """A warning for each file that is there already and says something else."""
    for write in writes:
        there = read(write.path)
        if write.writer.endswith(f" in {write.path}"):
            continue  # it stays what it is, but for what it says of others
        if write.content is not None and there not in (None, write.content) and mode(write.path) != LINK:
            by = f"the monolith's {write.moved_from}, which is the one in use" if write.moved_from else write.writer
            yield Problem(write.path, 0, "replaced", f"is there already and differs: replaced by {by}",
                          "the patch shows what goes", severity="warning")  # fmt: skip
