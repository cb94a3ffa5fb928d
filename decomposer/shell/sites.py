"""Where references stand in Python files, kept by content from run to run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import msgspec

from decomposer.model.sites import Sites
from decomposer.shell.cache import Cache
from decomposer.shell.scan import digest
from decomposer.syntax.bytes_of_text import Text
from decomposer.syntax.sites import read_sites

_MOST = 5000
"""Files; beyond that, what a run did not ask for is forgotten."""


class KnownSites:
    """Reads sites as `read_sites` does, from the cache where the content was read before."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self.kept: dict[str, msgspec.Raw] | None = None
        self.asked: dict[str, Sites] = {}
        self.is_new = False

    def __call__(self, source: bytes, content: Text, newer: bool = False) -> Sites:
        """All references of a Python file."""
        if self.kept is None:
            self.kept = self._load()
        key = digest(source, 12) + "n" * newer
        if key not in self.asked:
            raw = self.kept.get(key)
            if raw is None:
                self.is_new = True
                self.asked[key] = read_sites(source, content, newer)
            else:
                self.asked[key] = msgspec.msgpack.decode(raw, type=Sites)
        return self.asked[key]

    def keep(self) -> None:
        """Writes what is new to the cache."""
        if not self.is_new:
            return
        kept = {**(self.kept or {}), **dict(self._encoded())}
        if len(kept) > _MOST:
            kept = {key: raw for key, raw in kept.items() if key in self.asked}
        self.cache.write("sites", msgspec.msgpack.encode(kept))

    def _encoded(self) -> Iterator[tuple[str, msgspec.Raw]]:
        for key, sites in self.asked.items():
            with suppress(UnicodeEncodeError):  # half a character in a string, which is no text: read anew each time
                yield key, msgspec.Raw(msgspec.msgpack.encode(sites))

    def _load(self) -> dict[str, msgspec.Raw]:
        data = self.cache.read("sites")
        try:
            return msgspec.msgpack.decode(data, type=dict[str, msgspec.Raw]) if data else {}
        except msgspec.MsgspecError:
            return {}  # cut short, or another form
