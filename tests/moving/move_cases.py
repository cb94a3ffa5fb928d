"""The cases of `decompose move` and `decompose repair` as values, read from `tests/cases/move`.

A case begins with a comment. The section `=== move` has `OLD NEW` pairs and the options of the command; `=== repair` is
the other command. `=== path` is a file as it is before. Of what comes out, `=== after: path` is every file that is new
or changed, `=== gone` lists those that are no more, `=== told` has what a person is told. Words in square brackets
behind a path say what a text file cannot show: `crlf`, `cr`, `bom`, `latin-1`, `cut` (no line end at the end).

`roundtrip: yes` below the names says that the moves made backwards give every file its bytes again, `roundtrip: but
PATHS` all files but those.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from decomposer import app
from decomposer.changeset import Planned
from tests.cases.reading import cases
from tests.extraction.trees import Tree

CASES = cases("move")
_EXPIRES = re.compile(rb"(?<=, expires )\d{4}-\d\d-\d\d$", re.MULTILINE)
"""The date in an alias, which is another one each day."""


@dataclass(frozen=True, slots=True)
class MoveCase:
    """One case: the command, the files before and after, and the problems as they are printed."""

    pairs: tuple[tuple[str, str], ...]
    options: frozenset[str]
    roundtrip: bool
    excepted: frozenset[str]
    before: Tree
    after: Tree
    told: str

    def plan(self, root: Path) -> Planned:
        """What the command would change in a folder."""
        return run(root, self.pairs, self.options)

    def plan_back(self, root: Path) -> Planned:
        """What the moves made backwards would change."""
        return run(root, tuple((new, old) for old, new in self.pairs), self.options)


def run(root: Path, pairs: tuple[tuple[str, str], ...], options: frozenset[str] = frozenset()) -> Planned:
    """The move of some modules in a folder, or its repair where no module is named."""
    told = app.Options(repo=root, cache=False)
    if not pairs:
        return app.repair(told)
    return app.move(told, pairs, "--no-alias" not in options, "--repair" in options)


def undated(tree: Tree) -> Tree:
    """A tree in which the aliases say no date."""
    return {path: (mode, _EXPIRES.sub(b"DATE", content)) for path, (mode, content) in tree.items()}


def read_case(path: Path) -> MoveCase:
    """The case that a file describes."""
    command, before, after, gone, told = "", {}, {}, [], ""
    for head, body in sections(path):
        if head in ("move", "repair"):
            command = body
        elif head == "gone":
            gone = body.split()
        elif head == "told":
            told = body
        else:
            name, flags = flagged(head)
            into = after if name.startswith("after: ") else before
            into[name.removeprefix("after: ")] = encoded(body, flags)
    lines = command.splitlines()
    kept = [line.removeprefix("roundtrip: ") for line in lines if line.startswith("roundtrip: ")]
    words = [word for line in lines if not line.startswith("roundtrip: ") for word in line.split()]
    names = [word for word in words if not word.startswith("--")]
    files = {**before, **after}
    return MoveCase(
        tuple(zip(names[::2], names[1::2], strict=True)), frozenset(words) - frozenset(names), bool(kept),
        frozenset(word for line in kept for word in line.split()[1:]), as_tree(before),
        as_tree({name: files[name] for name in files if name not in gone}), told,
    )  # fmt: skip


def write_case(path: Path, after: Tree, told: str) -> None:
    """Writes the case anew with what came out."""
    before = read_case(path).before
    parts = []
    for head, body in sections(path):
        if head not in ("gone", "told") and not head.startswith("after: "):
            parts.append(f"=== {head}\n{body}")
    flags = dict(flagged(head) for head, _ in sections(path))
    for name in sorted(after):
        if before.get(name) != after[name]:
            content = after[name][1]
            shown = flags.get(f"after: {name}") or flags.get(name) or flags_of(content)
            head = f"{name} [{' '.join(shown)}]" if shown else name
            parts.append(f"=== after: {head}\n{decoded(content, shown)}")
    gone = sorted(set(before) - set(after))
    if gone:
        parts.append("=== gone\n" + "".join(f"{name}\n" for name in gone))
    if told:
        parts.append(f"=== told\n{told}")
    path.write_bytes((path.read_text("utf-8").partition("\n")[0] + "\n" + "".join(parts)).encode())


def sections(path: Path) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in path.read_bytes().decode().split("\n")[1:]:
        if line.startswith("=== "):
            found.append((line[4:], ""))
        else:
            found[-1] = found[-1][0], f"{found[-1][1]}{line}\n"
    head, body = found[-1]
    return [*found[:-1], (head, body[:-1])]  # the file ends with a line end


def flagged(head: str) -> tuple[str, tuple[str, ...]]:
    match = re.fullmatch(r"(.*?)(?: \[([\w -]+)\])?", head)
    assert match is not None
    return match[1], tuple((match[2] or "").split())


def encoded(body: str, flags: tuple[str, ...]) -> bytes:
    if "cut" in flags:
        body = body.removesuffix("\n")
    body = body.replace("\n", "\r\n" if "crlf" in flags else "\r" if "cr" in flags else "\n")
    mark = b"\xef\xbb\xbf" if "bom" in flags else b""
    return mark + body.encode("latin-1" if "latin-1" in flags else "utf-8")


def decoded(content: bytes, flags: tuple[str, ...]) -> str:
    text = content.removeprefix(b"\xef\xbb\xbf").decode("latin-1" if "latin-1" in flags else "utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n") + ("\n" if "cut" in flags else "")


def flags_of(content: bytes) -> tuple[str, ...]:
    ends = "crlf" if b"\r\n" in content else "cr" if b"\r" in content else ""
    cut = "cut" if content and not content.endswith((b"\n", b"\r")) else ""
    return tuple(filter(None, (ends, "bom" if content.startswith(b"\xef\xbb\xbf") else "", cut)))


def as_tree(files: dict[str, bytes]) -> Tree:
    return {name: ("100755" if content.startswith(b"#!") else "100644", content) for name, content in files.items()}
