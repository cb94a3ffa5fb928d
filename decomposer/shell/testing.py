"""Tests run as they would be by hand, with the outcome of each."""

from __future__ import annotations

import json
import os

import msgspec
from msgspec.structs import replace

from decomposer.model.probes import Tests
from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell import locate
from decomposer.shell.probing import Running, Target, run

_PATIENCE = 10
"""Tests may take so many times the limit of a probe."""


def run_tests(told: Running, target: Target, project: str, folders: tuple[str, ...], name: str) -> Tests:
    """The outcome of each test in some folders (relative to the repository), run from a project's folder."""
    folder = told.folder / name
    folder.mkdir(parents=True)
    answer = folder / "answer.json"
    root = os.path.realpath(told.root)
    request = {
        "root": root, "path": target.path, "local": dict(target.local), "answer": str(answer),
        "folders": [os.path.join(root, place) for place in folders],
    }  # fmt: skip
    (folder / "request.json").write_text(json.dumps(request))
    program = locate.data_folder("probes") / "tests.py"
    command = [told.python, "-s", "-B", str(program), str(folder / "request.json")]
    ended = run(told, command, folder, cwd=told.root / project, limit=told.timeout * _PATIENCE)
    try:
        found = msgspec.json.decode(answer.read_bytes(), type=Tests)
    except FileNotFoundError:
        return Tests(folders, error=f"pytest {ended.why or f'ended with exit code {ended.code}'}")
    except msgspec.MsgspecError as error:
        raise DecomposerError(Problem(name, 0, "probe", f"what the tests tell is not understood: {error}")) from None
    return replace(found, folders=folders)
