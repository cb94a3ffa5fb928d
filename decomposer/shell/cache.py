"""The cache folder: facts by content hash and finished reports; never a pickle, safe when two runs share it.

A file is written under a name of its own and renamed into place, so a reader sees the old or the new one,
whole. What cannot be read back is treated as not there.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path

import decomposer

ENVIRONMENT = "DECOMPOSE_CACHE_DIR"


class Cache:
    """The cache of one repository, for this version of the tool and of Python."""

    def __init__(self, root: Path, enabled: bool = True) -> None:
        self.enabled = enabled
        self.fingerprint = tool_fingerprint()
        name = hashlib.blake2b(str(root).encode("utf-8", "surrogateescape"), digest_size=10).hexdigest()
        self.folder = base_folder() / name

    def read(self, name: str) -> bytes | None:
        """The bytes kept under a name, None when there are none."""
        if not self.enabled:
            return None
        try:
            return (self.folder / f"{name}-{self.fingerprint}").read_bytes()
        except OSError:
            return None

    def write(self, name: str, data: bytes) -> None:
        """Keeps bytes under a name; a cache that cannot be written is no error."""
        if not self.enabled:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._sweep(name)
            handle, temporary = tempfile.mkstemp(dir=self.folder, prefix="new-")
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(temporary, self.folder / f"{name}-{self.fingerprint}")
        except OSError:
            return

    def _sweep(self, name: str) -> None:
        """Removes what other versions of the tool kept under the same name."""
        for old in self.folder.glob(f"{name}-*"):
            if old.name != f"{name}-{self.fingerprint}":
                old.unlink(missing_ok=True)


def base_folder() -> Path:
    """The folder of all caches: `DECOMPOSE_CACHE_DIR`, or the user's own cache folder."""
    given = os.environ.get(ENVIRONMENT)
    if given:
        return Path(given)
    import platformdirs

    return Path(platformdirs.user_cache_dir("decompose", appauthor=False))


def tool_fingerprint() -> str:
    """A short digest of Python's version and of the tool's own files, so that no old result outlives a change."""
    digest = hashlib.blake2b(digest_size=8)
    digest.update(f"{sys.version} {decomposer.__version__}".encode())
    package = Path(decomposer.__file__).parent
    stack = [str(package)]
    stamps: list[str] = []
    while stack:
        with os.scandir(stack.pop()) as found:
            for item in found:
                if item.is_dir():
                    if item.name != "__pycache__":
                        stack.append(item.path)
                elif not item.name.endswith(".pyc"):
                    state = item.stat()
                    stamps.append(f"{item.path} {state.st_size} {state.st_mtime_ns}")
    digest.update("\n".join(sorted(stamps)).encode())
    return digest.hexdigest()
