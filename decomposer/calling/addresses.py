"""The monolith's own address in settings: what is asked there is not known, but where it goes is."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from decomposer.calling.matching import Gates

_SETTINGS = frozenset({".toml", ".yaml", ".yml", ".json", ".ini", ".cfg", ".properties", ".service", ".timer"})
_URL = re.compile(r"(?:https?|wss?)://(?P<host>[\w.-]+|\[[0-9a-f:]+\]):(?P<port>\d{1,5})(?![\w-])[^\s\"'`,;}\])]*")
_LARGEST = 1_000_000


class Address(Struct, frozen=True, order=True):
    """An address in a file of settings."""

    path: str
    line: int
    address: str


def addresses(paths: Iterable[str], read: Callable[[str], bytes | None], gates: Gates) -> list[Address]:
    """Where settings name the monolith's own port, past what is in front of it; lines that run curl are requests."""
    return sorted(found for path in paths if posixpath.splitext(path)[1] in _SETTINGS
                  for found in _of(path, read(path) or b"", gates))  # fmt: skip


def _of(path: str, source: bytes, gates: Gates) -> Iterator[Address]:
    if len(source) > _LARGEST or str(gates.port).encode() not in source:
        return
    for number, line in enumerate(source.decode("utf-8", "replace").splitlines(), 1):
        for url in _URL.finditer(line):
            if int(url["port"]) == gates.port and url["host"] in gates.hosts and "curl" not in line:
                yield Address(path, number, url[0])
