"""Which functions of an application run: an oracle for what is called dead that shares nothing with the tool."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from decomposer.model.dead_code import Finding

Ran = dict[str, list[tuple[int, str]]]
"""By path from the repository, the first line and the name of every code object that ran, `<module>` among them."""

_SCRIPT = """
import json, logging.config, os, sys, threading
source, out, folder = sys.argv[1:4]
ran = set()
def look(frame, event, _):
    if event == "call" and frame.f_code.co_filename.startswith(folder):
        ran.add((frame.f_code.co_filename, frame.f_code.co_firstlineno, frame.f_code.co_name))
sys.settrace(look)
threading.settrace(look)
sys.path[:0] = source.split(os.pathsep)
for module in sys.argv[5:]:
    if module.endswith(".ini"):
        logging.config.fileConfig(module, disable_existing_loggers=False)
    else:
        __import__(module)
if sys.argv[4]:
    import pytest
    sys.argv[1:] = []
    code = pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", TESTS])
    assert code == 0, code
import re
from fastapi.testclient import TestClient
from app.main import app
with TestClient(app, raise_server_exceptions=False) as client:
    for path, item in app.openapi()["paths"].items():
        for method in item:
            client.request(method, re.sub(r"{[^}]*}", "1", path), **({} if method == "get" else {"json": {}}))
sys.settrace(None)
threading.settrace(None)
with open(out, "w") as file:
    json.dump(sorted(ran), file)
"""


def functions_run(
    root: Path, out: Path, package: str, path: Sequence[str], tests: str = "", also: Iterable[str] = ()
) -> Ran:  # fmt: skip
    """What runs while the tests of a folder do, and each route is asked once.

    `also` are modules, and configurations of logging, that are loaded too. `package` is the folder whose functions
    count, `path` what is on the path, both relative to the repository.
    """
    script = _SCRIPT.replace("TESTS", repr(str(root / tests)))
    words = [os.pathsep.join(str(root / folder) for folder in path), str(out), str(root / package), tests, *also]
    done = subprocess.run([sys.executable, "-c", script, *words], cwd=(root / tests).parent if tests else root,
                          capture_output=True, text=True)  # fmt: skip
    assert 0 == done.returncode, done.stdout[-3000:] + done.stderr[-3000:]
    found: Ran = {}
    for name, line, function in json.loads(out.read_text()):
        found.setdefault(Path(name).relative_to(root).as_posix(), []).append((line, function))
    return found


def run_of(finding: Finding, ran: Ran) -> list[tuple[int, str]]:
    """What of a finding ran: of a module anything, of a function or class more than its being defined."""
    if not finding.name:
        return ran.get(finding.path, [])
    inside = [(line, name) for line, name in ran.get(finding.path, []) if finding.line <= line <= finding.end_line]
    return [(line, name) for line, name in inside if finding.kind == "function" or name != finding.name]
