"""The oracle of the load order: a Python that really imports, forgetting everything before each start."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.conftest import write_files

_SERVER = r"""
import contextlib, importlib, json, sys, typing
sys.dont_write_bytecode = True

def attempt(root, start):
    try:
        importlib.import_module(start)
    except Exception as error:
        place, trace = ["", 0, ""], error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            if code.co_filename.startswith(root):
                place = [code.co_filename[len(root) + 1:], trace.tb_lineno, code.co_name]
            trace = trace.tb_next
        return [type(error).__name__, str(error), *place]
    return []

for line in sys.stdin:
    root, starts = json.loads(line)
    answers = []
    sys.path.insert(0, root)
    known = set(sys.modules)
    for start in starts:
        answers.append(attempt(root, start))
        for name in set(sys.modules) - known:
            del sys.modules[name]
    sys.path.remove(root)
    print(json.dumps(answers), flush=True)
"""


class Importer:
    """A process that imports the modules of programs written to a folder, each as the first one."""

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
