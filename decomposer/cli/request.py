"""What a command was told, as text, and what that means to a use case."""

from __future__ import annotations

import sys
from pathlib import Path

from decomposer import app
from decomposer.cli.progress import Bar
from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell.scan import Scanned

Request = dict[str, str]
"""A command's name under "command" and its options as text; what is absent was not given."""


def options(request: Request, bar: Bar | None = None, scanned: Scanned | None = None) -> app.Options:
    """What a request says of where and how to work."""

    def path(name: str) -> Path | None:
        return Path(request[name]) if name in request else None

    return app.Options(
        path("repo"), path("config"), path("rules"), request.get("reader", "ast"), "no_cache" not in request,
        bar.show if bar is not None and sys.stderr.isatty() else None, scanned,
    )  # fmt: skip


def words(request: Request, name: str) -> tuple[str, ...]:
    """The values of an option that may be given several times."""
    return tuple(request[name].split("\0")) if request.get(name) else ()


def pairs(request: Request, name: str) -> dict[str, str]:
    """Those of one that is given as NAME=VALUE; raises DecomposerError for what is not."""
    found: dict[str, str] = {}
    for given in words(request, name):
        key, equals, value = given.partition("=")
        if not equals or not key:
            raise DecomposerError(Problem(f"--{name}", 0, "usage", "is to be NAME=VALUE"))
        found[key] = value
    return found
