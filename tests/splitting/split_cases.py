"""The cases of `decompose split` as values, read from `tests/cases/split`.

A case begins with a comment. The section `=== split` has the module and the options of the command; all others are as
in the cases of `decompose move`. Every case has the configuration below, unless it has one of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from decomposer import app
from decomposer.app.splitting import split
from decomposer.changeset import Planned
from tests.cases.reading import cases
from tests.extraction.trees import Tree
from tests.moving.move_cases import as_tree, decoded, encoded, flagged, sections

CASES = cases("split")
CONFIGURATION = b'source = ""\npackage = "shop"\nentry = ["shop.main:app"]\n\n[limits]\nfile = 40\n'


@dataclass(frozen=True, slots=True)
class SplitCase:
    """One case: the module, into how many it is to be split, the files before and after, and what is told."""

    module: str
    into: int | None
    with_classes: bool
    before: Tree
    after: Tree
    told: str

    def plan(self, root: Path) -> Planned:
        """What the command would change in a folder."""
        return split(app.Options(repo=root, cache=False), self.module, self.into, with_classes=self.with_classes)


def read_case(path: Path) -> SplitCase:
    """The case that a file describes."""
    words, told = [], ""
    before: dict[str, bytes] = {"decompose.toml": CONFIGURATION}
    after: dict[str, bytes] = {}
    for head, body in sections(path):
        if head == "split":
            words = body.split()
        elif head == "told":
            told = body
        else:
            name, flags = flagged(head)
            into = after if name.startswith("after: ") else before
            into[name.removeprefix("after: ")] = encoded(body, flags)
    count = int(words[words.index("--into") + 1]) if "--into" in words else None
    return SplitCase(words[0], count, "--classes" in words, as_tree(before), as_tree({**before, **after}), told)


def write_case(path: Path, after: Tree, told: str) -> None:
    """Writes the case anew with what came out."""
    before = read_case(path).before
    parts = [f"=== {head}\n{body}" for head, body in sections(path)
             if head != "told" and not head.startswith("after: ")]  # fmt: skip
    flags = dict(flagged(head) for head, _ in sections(path))
    for name in sorted(after):
        if before.get(name) != after[name]:
            content = after[name][1]
            shown = flags.get(f"after: {name}") or flags.get(name) or next(filter(None, flags.values()), ())
            head = f"{name} [{' '.join(shown)}]" if shown else name
            parts.append(f"=== after: {head}\n{decoded(content, shown)}")
    if told:
        parts.append(f"=== told\n{told}")
    path.write_bytes((path.read_text("utf-8").partition("\n")[0] + "\n" + "".join(parts)).encode())
