"""Lines against the limits: services, and files."""

from __future__ import annotations

from msgspec import Struct

from decomposer.model.config import Limits


class Size(Struct, frozen=True):
    """Lines of one service or file, and how they stand to the limit: "ok", "over target" or "over limit"."""

    name: str
    lines: int
    verdict: str


def service_size(name: str, lines: int, limits: Limits) -> Size:
    """How a service stands: the hard limit is broken by `limits.service` lines or more."""
    if lines >= limits.service:
        return Size(name, lines, "over limit")
    return Size(name, lines, "over target" if lines > limits.service_target else "ok")


def files_over_limit(lines: dict[str, int], limits: Limits) -> list[Size]:
    """The files with more lines than allowed, the longest first."""
    over = [Size(path, count, "over limit") for path, count in lines.items() if count > limits.file]
    return sorted(over, key=lambda size: (-size.lines, size.name))
