"""The oracle of the load order: a Python that really imports, each module in a fresh process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.conftest import write_files

_SERVER = r"""
import importlib, json, os, sys, typing, traceback
sys.dont_write_bytecode = True

def attempt(root, start):
    sys.path.insert(0, root)
    try:
        importlib.import_module(start)
    except BaseException as error:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(root)]
        place = [frames[-1].filename[len(root) + 1:], frames[-1].lineno, frames[-1].name] if frames else ["", 0, ""]
        return [type(error).__name__, str(error), *place]
    return []

for line in sys.stdin:
    root, starts = json.loads(line)
    answers = []
    for start in starts:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writing, json.dumps(attempt(root, start)).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as answer:
            answers.append(json.loads(answer.read()))
        os.waitpid(child, 0)
    print(json.dumps(answers), flush=True)
"""


class Importer:
    """A process that imports the modules of programs written to a folder, each import in a fork of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def outcomes(self, files: Mapping[str, str], starts: Iterable[str]) -> dict[str, list[str | int]]:
        """By start: [] when its import succeeds, else the error's name and message, file, line and function."""
        self.count += 1
        root = self.folder / str(self.count)
        write_files(root, files)
        names = list(starts)
        assert self.process.stdin is not None and self.process.stdout is not None
        print(json.dumps([str(root), names]), file=self.process.stdin, flush=True)
        answers = json.loads(self.process.stdout.readline())
        shutil.rmtree(root)
        return dict(zip(names, answers, strict=True))

    def close(self) -> None:
        """Ends the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()
