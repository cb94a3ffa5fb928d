"""A repository's facts: what is cached by content is taken from there, the rest is read in workers."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from decomposer.facts.text import read_text
from decomposer.model.config import Config
from decomposer.model.facts import PythonFacts, TextFacts, Value
from decomposer.model.problems import Problem
from decomposer.shell.cache import Cache
from decomposer.shell.disk import LARGEST_TEXT, Listing, is_python
from decomposer.shell.scan import Listed, digest

Progress = Callable[[int, int], None]


class _Seen(Value, frozen=True):
    """What was known of a file when it was last looked at: the disk's word for it, and its content's hash."""

    size: int
    modified: int
    changed: int
    inode: int
    digest: str
    ignored: bool


class _Store(Value, frozen=True):
    """Everything that is kept between runs: what the disk said, and the facts by content hash."""

    ignoring: str
    seen: dict[str, _Seen]
    python: dict[str, PythonFacts]
    texts: dict[str, TextFacts]


class Repository(Struct, frozen=True):
    """All facts of a repository by path, the content hash of every file read, and what was passed over."""

    root: Path
    python: dict[str, PythonFacts]
    texts: dict[str, TextFacts]
    digests: dict[str, str]
    problems: tuple[Problem, ...]


def read_repository(
    listing: Listing, config: Config, cache: Cache, reader: str = "ast", progress: Progress | None = None
) -> Repository:
    """The facts of the package, and of every file around it that mentions the package's name.

    Files that `.gitignore` excludes are left out, except inside the package: what is imported counts.
    """
    return _Reading(listing, config, cache, reader).run(progress)


class _Reading:
    def __init__(self, listing: Listing, config: Config, cache: Cache, reader: str) -> None:
        self.listing, self.config, self.cache, self.reader = listing, config, cache, reader
        self.name = digest(f"{config.package} {reader}".encode(), 6)
        self.inside = config.root() + "/"
        self.mention = re.compile(rb"\b" + re.escape(config.package.encode()) + rb"\b")
        self.problems: list[Problem] = list(listing.problems)

    def run(self, progress: Progress | None) -> Repository:
        """The facts, from the cache where the content is the same."""
        old = self._load()
        ignoring = self._ignore_files()
        kept = self._keep(old, ignoring)
        digests, sources = self._digests(kept, old)
        python: dict[str, PythonFacts] = {}
        texts: dict[str, TextFacts] = {}
        missing: dict[str, int] = {}
        for path, size, *_ in kept:
            content = digests.get(path, "")
            if not content:
                continue
            if is_python(path):
                facts = old.python.get(content)
                if facts is not None:
                    python[path] = facts
                elif path.startswith(self.inside) or self._mentions(path, sources):
                    missing[path] = size
                else:
                    python[path] = PythonFacts(0, reader="skipped")
            else:
                told = old.texts.get(content)
                texts[path] = told if told is not None else self._read_text(path, sources)
        if missing:
            from decomposer.shell.workers import read_files  # not needed when everything is cached

            python.update(read_files(str(self.listing.root), missing, self.reader, progress))
        new = _Store(
            ignoring,
            {path: _Seen(size, modified, changed, inode, digests.get(path, ""), path not in digests)
             for path, size, modified, changed, inode in self.listing.files},
            {digests[path]: facts for path, facts in python.items()},
            {digests[path]: facts for path, facts in texts.items()},
        )  # fmt: skip
        if new.seen != old.seen or ignoring != old.ignoring:
            self.cache.write(f"facts-{self.name}", msgspec.msgpack.encode(new))
        return Repository(
            self.listing.root, {p: f for p, f in python.items() if f.reader != "skipped"}, texts, digests,
            tuple(self.problems),
        )  # fmt: skip

    def _load(self) -> _Store:
        data = self.cache.read(f"facts-{self.name}")
        if data is not None:
            try:
                return msgspec.msgpack.decode(data, type=_Store)
            except msgspec.MsgspecError:
                pass  # written by a run that was cut short on a disk that lies: read everything again
        return _Store("", {}, {}, {})

    def _ignore_files(self) -> str:
        """What decides about ignoring: the state of every `.gitignore`."""
        return " ".join(str(file) for file in self.listing.files if file[0].endswith(".gitignore"))

    def _keep(self, old: _Store, ignoring: str) -> list[Listed]:
        """The entries that count; what was decided before, under the same `.gitignore` files, still holds."""
        known = old.seen if ignoring == old.ignoring else {}
        matcher: _Ignore | None = None
        kept: list[Listed] = []
        excluded = tuple(folder.rstrip("/") + "/" for folder in self.config.exclude)
        for entry in self.listing.files:
            path, size = entry[0], entry[1]
            if path.endswith(".gitignore") or path.startswith(excluded):
                continue
            if path.startswith(self.inside):
                if is_python(path) or size <= LARGEST_TEXT:
                    kept.append(entry)
                continue
            if not is_python(path) and size > LARGEST_TEXT:
                continue
            before = known.get(path)
            if before is None:
                matcher = matcher or _Ignore(self.listing)
            if not (before.ignored if before is not None else matcher is not None and matcher.matches(path)):
                kept.append(entry)
        return kept

    def _digests(self, kept: list[Listed], old: _Store) -> tuple[dict[str, str], dict[str, bytes]]:
        """Content hashes by path, and the bytes of what had to be opened and may be looked at again."""
        digests: dict[str, str] = {}
        sources: dict[str, bytes] = {}
        for path, *state in kept:
            seen = old.seen.get(path)
            if seen is not None and seen.digest and (
                [seen.size, seen.modified, seen.changed, seen.inode] == state
            ):  # fmt: skip
                digests[path] = seen.digest
                continue
            try:
                with open(os.path.join(self.listing.root, path), "rb") as file:
                    source = file.read()
            except OSError as error:
                self.problems.append(Problem(path, 0, "unreadable", f"cannot be read: {error.strerror}"))
                continue
            digests[path] = digest(source)
            if not path.startswith(self.inside):
                if is_python(path):
                    sources[path] = b"mentions" if self.mention.search(source) else b""
                else:
                    sources[path] = source
        return digests, sources

    def _mentions(self, path: str, sources: dict[str, bytes]) -> bool:
        return sources.get(path, b"mentions") != b""

    def _read_text(self, path: str, sources: dict[str, bytes]) -> TextFacts:
        source = sources.pop(path, None)
        if source is None:
            source = Path(self.listing.root, path).read_bytes()
        return read_text(source, self.config.package)


class _Ignore:
    """The `.gitignore` files of a repository, each for its own folder, the nearest one deciding."""

    def __init__(self, listing: Listing) -> None:
        import pathspec

        self.specs: dict[str, pathspec.GitIgnoreSpec] = {}
        self.folders: dict[str, bool] = {}
        for path, *_ in listing.files:
            if path.endswith(".gitignore"):
                lines = Path(listing.root, path).read_text("utf-8", "replace").splitlines()
                folder = path.removesuffix(".gitignore").rstrip("/")
                self.specs[folder] = pathspec.GitIgnoreSpec.from_lines(lines)

    def matches(self, path: str) -> bool:
        """Whether git would ignore a file, or a folder it lies in."""
        folder = path.rpartition("/")[0]
        return self._folder(folder) or self._decide(path)

    def _folder(self, folder: str) -> bool:
        if not folder:
            return False
        if folder not in self.folders:
            self.folders[folder] = self._folder(folder.rpartition("/")[0]) or self._decide(folder + "/")
        return self.folders[folder]

    def _decide(self, path: str) -> bool:
        folder = path.rstrip("/").rpartition("/")[0]
        while True:
            spec = self.specs.get(folder)
            if spec is not None:
                below = path[len(folder) + 1 :] if folder else path
                include = spec.check_file(below).include
                if include is not None:
                    return include
            if not folder:
                return False
            folder = folder.rpartition("/")[0]
