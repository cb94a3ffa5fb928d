"""A language server asked what a renamed file means: its edits are made, then the file is moved."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from benchmarks.movebench.tools.moving import Move, Tool, ToolFailure, relocate

SECONDS = 30  # for an answer


def tool(version_command: str, *command: str) -> Tool:
    """The tool that a server's command makes."""
    return Tool(partial(version, version_command), partial(move_with, command))


def version(command: str) -> str | None:
    """The version, if the command is on the path."""
    if not shutil.which(command):
        return None
    said = subprocess.run([command, "--version"], capture_output=True, text=True).stdout.splitlines()
    return said[0].split()[1] if said else "?"


def move_with(command: tuple[str, ...], move: Move) -> None:
    """Asks, edits, moves."""
    renamed = {"oldUri": move.old_path.as_uri(), "newUri": move.new_path.as_uri()}
    with Server(command, move.project) as server:
        for path in sorted(move.project.rglob("*.py")):
            server.open(path)
        edit = server.ask("workspace/willRenameFiles", {"files": [renamed]})
    if edit:
        apply(edit)
    relocate(move)


def apply(edit: Mapping[str, Any]) -> None:
    """Makes the text edits of a WorkspaceEdit in either of its forms."""
    edits: dict[str, list[Any]] = {uri: list(found) for uri, found in (edit.get("changes") or {}).items()}
    for change in edit.get("documentChanges") or ():
        if "textDocument" in change:
            edits.setdefault(change["textDocument"]["uri"], []).extend(change["edits"])
    for uri, found in edits.items():
        path = Path(unquote(urlsplit(uri).path))
        text = path.read_bytes().decode()
        for one in sorted(found, key=lambda one: tuple(one["range"]["start"].values()), reverse=True):
            start, end = (offset(text, one["range"][side]) for side in ("start", "end"))
            text = text[:start] + one["newText"] + text[end:]
        path.write_bytes(text.encode())


def offset(text: str, position: Mapping[str, int]) -> int:
    """Where a position is in a text; the programs hold no characters that UTF-16 counts twice."""
    lines = text.split("\n")[: position["line"]]
    return min(len(text), sum(len(line) + 1 for line in lines) + position["character"])


class Server:
    """One run of a server on one folder, ended when the block is left."""

    def __init__(self, command: tuple[str, ...], root: Path) -> None:
        self._root = root
        self._next = 0
        self._said: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._process = subprocess.Popen(
            command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def __enter__(self) -> Server:
        assert self._process.stdout
        threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True).start()
        try:
            self._start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None:
                self.ask("shutdown", None)
                self.tell("exit", None)
        except ToolFailure:
            pass  # it has answered; how it goes is its own affair
        finally:
            self._end()

    def _start(self) -> None:
        folder = {"uri": self._root.as_uri(), "name": self._root.name}
        operations = {"willRename": True, "didRename": True, "dynamicRegistration": True}
        capabilities = {
            "workspace": {
                "applyEdit": True,
                "configuration": True,
                "fileOperations": operations,
                "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create", "rename", "delete"]},
                "workspaceFolders": True,
            },
            "window": {"workDoneProgress": True},
        }
        place = {"rootUri": folder["uri"], "workspaceFolders": [folder]}
        self.ask("initialize", {"processId": None, "capabilities": capabilities, **place})
        self.tell("initialized", {})

    def _end(self) -> None:
        """Waits for the process to go, and makes it go if it does not."""
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()

    def open(self, path: Path) -> None:
        """Shows a file as an editor does; one that is not UTF-8 it would not."""
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            return
        document = {"uri": path.as_uri(), "languageId": "python", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def tell(self, method: str, params: object) -> None:
        """Sends what wants no answer."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: object) -> Any:
        """The answer to a request; what the server asks meanwhile is answered too."""
        self._next += 1
        asked, end = self._next, monotonic() + SECONDS
        self._send({"id": asked, "method": method, "params": params})
        while True:
            try:
                said = self._said.get(timeout=max(0.0, end - monotonic()))
            except queue.Empty:
                raise ToolFailure(f"no answer to {method} in {SECONDS} s") from None
            if said is None:
                raise ToolFailure(f"ended before it answered {method}")
            if "method" in said and "id" in said:
                self._send({"id": said["id"], "result": self._answer(said)})
            elif said.get("id") == asked:
                if "error" in said:
                    raise ToolFailure(f"{method}: {said['error'].get('message')}")
                return said.get("result")

    def _answer(self, request: Mapping[str, Any]) -> object:
        """What an editor with default settings says, but that the whole workspace is to be analysed."""
        if request["method"] == "workspace/configuration":
            settings = {"diagnosticMode": "workspace", "analysis": {"diagnosticMode": "workspace"}}
            return [settings for _ in request["params"]["items"]]
        if request["method"] == "workspace/workspaceFolders":
            return [{"uri": self._root.as_uri(), "name": self._root.name}]
        return None

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        try:
            self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            self._process.stdin.flush()
        except OSError as failure:
            raise ToolFailure(f"it does not listen: {failure}") from None

    def _listen(self, stream: IO[bytes]) -> None:
        """Hands on what the server says, and None at its end."""
        try:
            while header := stream.readline():
                length = 0
                while header.strip():
                    name, _, value = header.partition(b":")
                    length = int(value) if name.lower() == b"content-length" else length
                    header = stream.readline()
                self._said.put(json.loads(stream.read(length)))
        except (OSError, ValueError):
            pass  # closed while it spoke
        finally:
            self._said.put(None)
