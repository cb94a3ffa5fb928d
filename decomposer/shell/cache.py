"""The cache folder: facts by content hash and finished reports; never a pickle, safe when two runs share it.

A file is written under a name of its own and renamed into place, so a reader sees the old or the new one,
whole; and it begins with a checksum of the rest, so what a disk or somebody else made of it is treated as not there.
"""

from __future__ import annotations

import os
from pathlib import Path
from zlib import crc32

from decomposer.shell.replay import base_folder, fingerprint
from decomposer.shell.scan import digest


class Cache:
    """The cache of one repository, for this version of the tool and of Python."""

    def __init__(self, root: Path, enabled: bool = True) -> None:
        self.enabled = enabled
        self.fingerprint = fingerprint()
        name = digest(str(root).encode("utf-8", "surrogateescape"), 10)
        self.folder = Path(base_folder()) / name

    def read(self, name: str) -> bytes | None:
        """The bytes kept under a name, None when there are none."""
        if not self.enabled:
            return None
        try:
            with open(self.folder / f"{name}-{self.fingerprint}", "rb") as file:
                check, data = file.readline(), file.read()
        except OSError:
            return None
        return data if check == checksum(data) else None

    def write(self, name: str, data: bytes) -> None:
        """Keeps bytes under a name; a cache that cannot be written is no error."""
        if not self.enabled:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            temporary = self.folder / f"new-{name}-{os.getpid()}"
            with open(temporary, "wb") as file:
                file.writelines((checksum(data), data))
            os.replace(temporary, self.folder / f"{name}-{self.fingerprint}")
            for old in self.folder.glob(f"{name}-*"):  # what other versions of the tool kept
                if old.name != f"{name}-{self.fingerprint}":
                    old.unlink(missing_ok=True)
        except OSError:
            return


def checksum(data: bytes) -> bytes:
    """The line that stands before what is kept; a digest would take longer than anything else about it."""
    return b"%08x\n" % crc32(data)
