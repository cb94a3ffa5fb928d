"""A repository's facts: what is cached by content is taken from there, the rest is read in workers."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path

import msgspec
from msgspec import Struct

from decomposer.facts.mentions import may_refer
from decomposer.facts.python import count_lines
from decomposer.facts.text import read_text, word
from decomposer.model.config import Config
from decomposer.model.facts import PythonFacts, TextFacts, Value
from decomposer.model.problems import Problem
from decomposer.shell.cache import Cache
from decomposer.shell.disk import LARGEST_TEXT, Listing, is_python
from decomposer.shell.ignoring import Ignore
from decomposer.shell.scan import Listed, digest
from decomposer.shell.workers import Files, Progress


class _Seen(Value, frozen=True):
    """What was known of a file when it was last looked at: the disk's word for it, and its content's hash.

    `ignored` is what `.gitignore` says of it, None where only its folder was asked about, and is not ignored.
    """

    state: tuple[int, ...]
    digest: str
    ignored: bool | None


class _Store(Value, frozen=True):
    """Everything that is kept between runs: what the disk said, and the facts by content hash.

    Contents outside the package that need no facts: `silent` are those that do not name it, `mentions` those that
    do and cannot refer to it all the same, with their lines.
    """

    ignoring: str
    seen: dict[str, _Seen]
    python: dict[str, PythonFacts]
    texts: dict[str, TextFacts]
    silent: frozenset[str]
    mentions: dict[str, int]


class Repository(Struct, frozen=True):
    """All facts of a repository by path, the content hash of every file read, and what was passed over."""

    root: Path
    python: dict[str, PythonFacts]
    texts: dict[str, TextFacts]
    digests: dict[str, str]
    problems: tuple[Problem, ...]


def read_repository(
    listing: Listing, config: Config, cache: Cache, reader: str = "ast", progress: Progress | None = None,
    meanwhile: Callable[[], object] | None = None,
) -> Repository:  # fmt: skip
    """The facts of the package, and of every file around it that mentions the package's name.

    Files that `.gitignore` excludes are left out, except inside the package: what is imported counts.
    `meanwhile` is done while workers read, where there is much to read.
    """
    return _Reading(listing, config, cache, reader).run(progress, meanwhile)


class _Reading:
    def __init__(self, listing: Listing, config: Config, cache: Cache, reader: str) -> None:
        self.listing, self.config, self.cache, self.reader = listing, config, cache, reader
        self.project = config.project().rstrip("/").rpartition("/")[2]
        packages = (config.package, *dict.fromkeys(home.dotted for home in config.homes if "." not in home.dotted))
        self.packages = tuple(dict.fromkeys(packages))
        self.name = f"facts-{digest(' '.join((*self.packages, self.project, reader)).encode(), 6)}"
        self.inside = (config.root() + "/", *(home.folder + "/" for home in config.homes))
        self.problems: list[Problem] = list(listing.problems)
        self.ignored: dict[str, bool] = {}
        self.digests: dict[str, str] = {}
        self.texts: dict[str, TextFacts] = {}
        self.silent: set[str] = set()
        self.mentions: dict[str, int] = {}
        self.python: dict[str, PythonFacts] = {}
        self.mentioning: dict[str, PythonFacts] = {}

    @cached_property
    def mention(self) -> re.Pattern[bytes]:
        """The package's name as a word of its own."""
        return word(*self.packages)

    def run(self, progress: Progress | None, meanwhile: Callable[[], object] | None) -> Repository:
        """The facts, from the cache where the content is the same.

        Workers read the package while the files around it are still looked at.
        """
        old = self._load()
        patterns = self._ignore_files()
        ignoring = digest(repr(sorted(patterns.items())).encode())
        ignore = Ignore(patterns)
        known = old.seen if ignoring == old.ignoring else {}
        inside = [entry for entry in self.listing.files if entry[0].startswith(self.inside)]
        around = [entry for entry in self.listing.files if not entry[0].startswith(self.inside)]
        missing: dict[str, int] = {}
        with Files(str(self.listing.root), self.reader, progress) as files:
            for entries in (inside, around):
                found = self._missing(self._open(self._keep(entries, known, ignore), old, ignore), old)
                files.begin(found)
                missing |= found
            self.python |= files.facts(meanwhile)
        moved = self._changed_since(missing)
        new = _Store(
            ignoring,
            {path: _Seen(tuple(state), "" if path in moved else self.digests.get(path, ""), self.ignored.get(path))
             for path, *state in self.listing.files},
            {self.digests[path]: facts for path, facts in self.python.items() if path not in moved},
            {self.digests[path]: facts for path, facts in self.texts.items()},
            frozenset(self.silent),
            self.mentions,
        )  # fmt: skip
        if new.seen != old.seen or new.ignoring != old.ignoring or new.python.keys() != old.python.keys():
            self.cache.write(self.name, msgspec.msgpack.encode(new))
        python = self.python | self.mentioning
        return Repository(self.listing.root, python, self.texts, self.digests, tuple(self.problems))

    def _missing(self, counted: list[Listed], old: _Store) -> dict[str, int]:
        """The Python files that have to be read, with their sizes; of the others the facts are known."""
        missing: dict[str, int] = {}
        for path, size, *_ in counted:
            content = self.digests.get(path, "")
            if not content or not is_python(path):
                continue
            if not path.startswith(self.inside) and (content in self.silent or content in self.mentions):
                if content in self.mentions:
                    self.mentioning[path] = PythonFacts(self.mentions[content], reader="none")
            elif content in old.python:
                self.python[path] = old.python[content]
            else:
                missing[path] = size
        return missing

    def _load(self) -> _Store:
        data = self.cache.read(self.name)
        if data is not None:
            try:
                return msgspec.msgpack.decode(data, type=_Store)
            except msgspec.MsgspecError:
                pass  # not ours: read everything again
        return _Store("", {}, {}, {}, frozenset(), {})

    def _ignore_files(self) -> dict[str, str]:
        """The text of every `.gitignore`, by its folder."""
        found: dict[str, str] = {}
        for path, *_ in self.listing.files:
            if path == ".gitignore" or path.endswith("/.gitignore"):
                source = self._bytes(path)
                if source is not None:
                    found[path.rpartition("/")[0]] = source.decode("utf-8-sig", "replace")
        return found

    def _keep(self, entries: list[Listed], known: dict[str, _Seen], ignore: Ignore) -> list[Listed]:
        """The entries that may count: not excluded, not in an ignored folder, not known to be ignored.

        What was decided before, under the same `.gitignore` files, still holds. Asking is slow where there are many
        patterns, so a single file is asked about only once it is known to matter.
        """
        kept: list[Listed] = []
        excluded = tuple(self.config.exclude)
        folders = tuple(f"{folder}/" for folder in excluded)
        for entry in entries:
            path, size = entry[0], entry[1]
            if path.endswith(".gitignore") or path.startswith(folders) or path in excluded:
                continue
            if not path.startswith(self.inside):
                before = known.get(path)
                if before is None:
                    if ignore.matches_folder(path.rpartition("/")[0]):
                        self.ignored[path] = True
                elif before.ignored is not None:
                    self.ignored[path] = before.ignored
                if self.ignored.get(path):
                    continue
            if is_python(path) or size <= LARGEST_TEXT:
                kept.append(entry)
            elif not self._is_ignored(path, ignore):
                self.problems.append(Problem(
                    path, 0, "too-large", f"has {size:,} bytes, more than the {LARGEST_TEXT:,} that are read: not "
                    "searched for names of modules", severity="warning",
                ))  # fmt: skip
        return kept

    def _open(self, kept: list[Listed], old: _Store, ignore: Ignore) -> list[Listed]:
        """The entries that count, with the content hash of each and the facts of texts; opens what has changed."""
        counted: list[Listed] = []
        for entry in kept:
            path = entry[0]
            seen = old.seen.get(path)
            known = seen.digest if seen is not None and seen.state == entry[1:] else ""
            if known and is_python(path):
                self.digests[path] = known
                if known in old.silent:
                    self.silent.add(known)
                elif known in old.mentions:
                    self.mentions[known] = old.mentions[known]
            elif known in old.texts:
                self.digests[path] = known
                self.texts[path] = old.texts[known]
            else:
                self._look(path, old)
            if not self._matters(path) or not self._is_ignored(path, ignore):
                counted.append(entry)
            else:
                self.texts.pop(path, None)
        return counted

    def _matters(self, path: str) -> bool:
        """Whether a file outside the package says anything of the package."""
        if path.startswith(self.inside):
            return False
        if is_python(path):
            return self.digests.get(path, "") not in self.silent
        return path in self.texts and bool(self.texts[path].tokens)

    def _is_ignored(self, path: str, ignore: Ignore) -> bool:
        if path not in self.ignored:
            self.ignored[path] = ignore.matches(path)
        return self.ignored[path]

    def _look(self, path: str, old: _Store) -> None:
        source = self._bytes(path)
        if source is None:
            return
        content = self.digests[path] = digest(source)
        if not is_python(path):
            told = old.texts.get(content)
            self.texts[path] = told if told is not None else read_text(source, *self.packages)
        elif path.startswith(self.inside):
            return
        elif not self.mention.search(source):
            self.silent.add(content)
        elif not may_refer(source, self.mention, self.project.encode()):
            self.mentions[content] = count_lines(source)

    def _bytes(self, path: str) -> bytes | None:
        """A file's content; None, and a problem, where it cannot be read."""
        try:
            with open(os.path.join(self.listing.root, path), "rb") as file:
                return file.read()
        except OSError as error:
            severity = "error" if path.startswith(self.inside) else "warning"
            self.problems.append(Problem(path, 0, "unreadable", f"cannot be read: {error.strerror}", severity=severity))
            return None

    def _changed_since(self, paths: Iterable[str]) -> set[str]:
        """The files that somebody changed while they were read: what is known of them is not worth keeping."""
        asked = set(paths)
        listed = {path: state for path, *state in self.listing.files if path in asked}
        moved: set[str] = set()
        for path in asked:
            try:
                now = os.lstat(os.path.join(self.listing.root, path))
            except OSError:
                moved.add(path)
                continue
            if [now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino] != listed[path]:
                moved.add(path)
        return moved
