"""What a command printed last time, printed again when nothing it depends on has changed.

It depends on the arguments, the folder it ran in, the tool itself, and the disk's word for every file of the
repository and for the files named by options. Nothing heavy is imported to find out.
"""

from __future__ import annotations

import os
import sys
from functools import cache

from decomposer.shell.scan import Scanned, digest, repository_above, scan, signature, stamps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

ENVIRONMENT = "DECOMPOSE_CACHE_DIR"
REPLAYED = ("analyze", "graph", "explain")
_ELAPSED = b'"elapsed_seconds": '
_WORD = "request."


def base_folder() -> str:
    """The folder of all caches: `DECOMPOSE_CACHE_DIR`, or the user's own cache folder."""
    given = os.environ.get(ENVIRONMENT)
    if given:
        return given
    if sys.platform == "linux":  # as platformdirs has it, without the time it takes to import
        home = os.environ.get("XDG_CACHE_HOME", "").strip() or os.path.expanduser("~/.cache")
        return os.path.join(home, "decompose")
    import platformdirs

    return platformdirs.user_cache_dir("decompose", appauthor=False)


@cache
def fingerprint() -> str:
    """A short digest of Python's version and of the tool's own files, so that no old result outlives a change."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    folders = [package, *(path for name in ("rules", "templates")
                          if os.path.isdir(path := os.path.join(os.path.dirname(package), name)))]  # fmt: skip
    return "-".join([f"{sys.version_info[0]}.{sys.version_info[1]}", *(stamps(folder) for folder in folders)])


class Kept:
    """What a command was told and printed last time; `request` is what its words meant."""

    def __init__(self, arguments: Sequence[str], header: dict[str, str], output: bytes) -> None:
        self._arguments = arguments
        self._header = header
        self._output = output
        self.scanned: Scanned | None = None
        self.request: dict[str, str] = {
            name[len(_WORD) :]: value.replace("\2", "\0") for name, value in header.items() if name.startswith(_WORD)
        }

    def is_current(self) -> bool:
        """Whether nothing has changed that the output depends on; `scanned` has what was seen of the files."""
        given = self.request.get("repo")
        if self.root != (repository_above(os.getcwd()) if given is None else os.path.realpath(given)):
            return False
        self.scanned = scan(self.root)
        return self._header["state"] == _joined(signature(self.scanned), self._arguments)

    @property
    def root(self) -> str:
        """The repository that the command looked at."""
        return self._header["root"]

    @property
    def code(self) -> int:
        """The exit code of last time."""
        return int(self._header["code"])

    def output(self, started: float) -> bytes:
        """What was printed, with the time that this run takes (from `started`, of `perf_counter`)."""
        if _ELAPSED not in self._output[-80:]:
            return self._output
        from time import perf_counter

        head, _, tail = self._output.rpartition(_ELAPSED)
        seconds = str(round(perf_counter() - started, 3)).encode()
        return head + _ELAPSED + seconds + tail.lstrip(b"0123456789.")


def recall(arguments: Sequence[str]) -> Kept | None:
    """What is kept for a command's words in this folder, None when there is nothing or the tool has changed."""
    if not _may_replay(arguments):
        return None
    try:
        with open(_place(arguments), "rb") as file:
            check, _, kept = file.read().partition(b"\n")
    except OSError:
        return None
    if check != digest(kept).encode():
        return None  # cut short, or not ours
    first, _, output = kept.partition(b"\n")
    fields = (field.partition("\1") for field in first.decode("utf-8", "surrogateescape").split("\0"))
    header = {name: value for name, _, value in fields}
    return Kept(arguments, header, output) if header.get("tool") == fingerprint() else None


def keep(arguments: Sequence[str], request: dict[str, str], root: str, listed: str, code: int, output: bytes) -> None:
    """Keeps what a command printed, for the listing (its signature) that it was worked out from."""
    if not _may_replay(arguments):
        return
    header = {
        "tool": fingerprint(), "root": root, "state": _joined(listed, arguments), "code": str(code),
        **{_WORD + name: value.replace("\0", "\2") for name, value in request.items()},
    }  # fmt: skip
    first = "\0".join(f"{name}\1{value}" for name, value in header.items()).encode("utf-8", "surrogateescape")
    if b"\n" in first:
        return  # a folder with a line end in its name: not worth a format of its own
    kept = first + b"\n" + output
    try:
        place = _place(arguments)
        temporary = f"{place}.{os.getpid()}"
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(temporary, "wb") as file:
            file.write(digest(kept).encode() + b"\n" + kept)
        os.replace(temporary, place)
    except OSError:
        return


def _may_replay(arguments: Sequence[str]) -> bool:
    return bool(arguments) and arguments[0] in REPLAYED and "--no-cache" not in arguments and not sys.stdout.isatty()


def _place(arguments: Sequence[str]) -> str:
    text = "\0".join([os.getcwd(), *arguments]).encode("utf-8", "surrogateescape")
    return os.path.join(base_folder(), "output", digest(text, 12))


def _joined(listed: str, arguments: Sequence[str]) -> str:
    """The listing's signature and the state of files named by arguments, as one text."""
    named: list[object] = []
    for argument in arguments:
        path = argument.partition("=")[2] or argument
        if os.path.isfile(path):
            named.append(_state(path))
        elif os.path.isdir(path):
            with os.scandir(path) as items:
                named += sorted((i.name, *_state(i.path)) for i in items if i.name.endswith(".toml"))
    return f"{listed} {named}".replace("\n", " ")


def _state(path: str) -> tuple[int, ...]:
    """What the disk says of a file, () when there is none behind the name."""
    try:
        found = os.stat(path)
    except OSError:
        return ()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino
