"""Paths of moved files in configurations, scripts and documents."""

from __future__ import annotations

import re
from collections.abc import Mapping

from decomposer.model.problems import Problem


def rewrite_paths(source: bytes, moved: Mapping[str, str]) -> bytes:
    """The text with every full path (from the repository's root) of a moved file replaced by its new one.

    A path is only replaced where it stands alone: `a/b.py` in `x/a/b.py` or `a/b.py.bak` is something else.
    """
    if not any(old.encode() in source for old in moved):
        return source
    pattern = re.compile(
        rb"(?<![\w/-])(\.?/)?(" + b"|".join(re.escape(old.encode()) for old in sorted(moved, reverse=True))
        + rb")(?![\w/-]|\.\w)"
    )  # fmt: skip
    return pattern.sub(lambda match: (match[1] or b"") + moved[match[2].decode()].encode(), source)


def other_mentions(path: str, tokens: tuple[tuple[str, int], ...], moved: Mapping[str, str]) -> list[Problem]:
    """A warning for each mention of a moved file by a path of another kind, for a person to look at."""
    found: list[Problem] = []
    for token, line in tokens:
        if "/" not in token or token.removeprefix("./") in moved:
            continue
        for old, new in moved.items():
            if token.endswith("/" + old) or old.endswith("/" + token.lstrip("./")):
                message = f"`{token}` seems to mean {old}, which moves to {new}"
                found.append(Problem(path, line, "path-to-review", message, severity="warning"))
                break
    return found
