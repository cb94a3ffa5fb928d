"""What a command was told, as text, and what that means to a use case."""

from __future__ import annotations

import sys
from pathlib import Path

from decomposer import app
from decomposer.cli.progress import Bar
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
