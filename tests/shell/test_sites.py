"""Where references stand is kept by content."""

from __future__ import annotations

from pathlib import Path

import pytest

from decomposer.shell.cache import Cache
from decomposer.shell.sites import KnownSites
from decomposer.syntax.bytes_of_text import text_of
from decomposer.syntax.sites import read_sites

SOURCE = b"from a import b\n\n\n@b.task(name='x')\ndef f(c):\n    return b.d(c), 'a.b'\n"


def test_sites_are_the_same_from_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read once is not read again by the next run, and is told alike."""
    monkeypatch.setenv("DECOMPOSE_CACHE_DIR", str(tmp_path / "cache"))
    first = KnownSites(Cache(tmp_path))
    read = first(SOURCE, text_of(SOURCE))
    assert read_sites(SOURCE, text_of(SOURCE)) == read
    first.keep()
    monkeypatch.setattr("decomposer.shell.sites.read_sites", lambda *_: pytest.fail("read again"))
    assert read == KnownSites(Cache(tmp_path))(SOURCE, text_of(SOURCE))


def test_a_broken_cache_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be understood is read anew."""
    monkeypatch.setenv("DECOMPOSE_CACHE_DIR", str(tmp_path / "cache"))
    Cache(tmp_path).write("sites", b"\xc1 not ours")
    assert KnownSites(Cache(tmp_path))(SOURCE, text_of(SOURCE)).imports
