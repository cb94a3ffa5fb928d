"""The monolith and its services asked the same, for real: what holds, and each thing that may go wrong."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from decomposer import app
from decomposer.app.running import smoke
from decomposer.model.problems import DecomposerError
from decomposer.model.smoke import Smoke
from decomposer.running.smoking import Ask
from decomposer.scaffold.nginx import rendering as nginx
from decomposer.verifying import Wish
from tests.conftest import write_files
from tests.running.notes import NOTES
from tests.running.processes import processes_of, wait_until
from tests.scaffold.nginx_server import needs_nginx

pytestmark = [pytest.mark.proof, needs_nginx]


def asked(root: Path, told: Ask = Ask()) -> Smoke:  # noqa: B008  a value
    """What comes of asking both sides."""
    return smoke(app.Options(repo=root), Wish(sys.executable, {"NOTES_DB": "{data}/notes.db"}, 60), (), told)


def places(found: Smoke) -> set[tuple[str, str]]:
    """The operations that were answered otherwise, with the place."""
    return {(one.operation, one.place.partition(" (")[0]) for one in found.differences}


MUTANT = """

import os, re, sqlite3
from fastapi import Request, Response

@app.middleware("http")
async def mutant(request: Request, call_next):
    if {kept} and request.method == "DELETE":
        return Response(status_code=204)
    answer = await call_next(request)
    body = b"".join([piece async for piece in answer.body_iterator])
    headers, status = dict(answer.headers), answer.status_code
    {change}
    headers.pop("content-length", None)
    return Response(body, status, headers)
"""


def changed(notes: Path, tmp_path: Path, change: str, kept: bool = False) -> Path:
    """A copy of the repository whose service does something to its answers; the monolith has the same modules still."""
    root = tmp_path / "repository"
    shutil.copytree(notes, root)
    with open(root / "apps/notes/src/app/main.py", "a") as main:
        main.write(MUTANT.format(change=change, kept=kept))
    return root


def test_services_that_answer_as_the_monolith_did(notes: Path, tmp_path: Path) -> None:
    """Everything is alike, ids and times in form; requests go on with the ids of their own side; data are copies."""
    root = tmp_path / "repository"
    shutil.copytree(notes, root)
    data = tmp_path / "notes.db"
    with sqlite3.connect(data) as database:
        database.execute("CREATE TABLE notes (id TEXT PRIMARY KEY, text TEXT, at TEXT)")
        database.execute("INSERT INTO notes VALUES ('first', 'there before', '2026')")
    before = data.read_bytes()
    found = asked(root, Ask(data=(data,)))
    assert () == found.differences
    assert found.holds()
    assert {"notes": (4, 4), "tags": (1, 1), "": (1, 1)} == \
        {of.context: (of.operations, of.reached) for of in found.contexts}  # fmt: skip
    assert found.linked > 5
    assert sum(of.masked for of in found.contexts) > 5
    assert before == data.read_bytes()
    written = sqlite3.connect(root / ".decompose/smoke/services/data/notes.db")
    assert ("there before",) in list(written.execute("SELECT text FROM notes"))
    assert [] == processes_of(root)


MUTANTS = {
    "status": ("status = 200 if status == 201 else status", "POST /v1/notes", "status"),
    "field": ("body = body.replace(b'\"text\":', b'\"txt\":')", "POST /v1/notes", "body"),
    "header": ('headers.pop("x-note", None)', "POST /v1/notes", "header x-note"),
    "lost write": ('request.method == "POST" and sqlite3.connect(os.environ["NOTES_DB"], isolation_level=None)'
                   '.execute("DELETE FROM notes")', "GET /v1/notes", "body"),
    "kept": ("pass", "GET /v1/notes/{note_id}", "status"),
    "other id": ("body = re.sub(rb'\\w{8}(-\\w{4}){3}-\\w{12}', b'n1', body)", "POST /v1/notes", "body /id"),
    "old copy": ("body = body.replace(b'no note', b'nothing')", "GET /v1/notes/{note_id}", "body /detail"),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_a_service_that_answers_otherwise(notes: Path, tmp_path: Path, name: str) -> None:
    """A changed status or body, a header or a write that is lost: each is found, with its operation and place."""
    change, operation, place = MUTANTS[name]
    found = asked(changed(notes, tmp_path, change, name == "kept"))
    assert (operation, place) in places(found)
    assert {"notes"} == {one.context for one in found.differences}


def test_the_wrong_one_answers(notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another than the owner answers is a difference, though it says the same: here all goes to the monolith."""
    root = tmp_path / "repository"
    shutil.copytree(notes, root)
    whole = nginx.whole

    def astray(*given: object, **named: object) -> str:
        return whole(*given, **{**named, "flags": "/nowhere"})  # type: ignore[arg-type]

    monkeypatch.setattr(nginx, "whole", astray)
    found = asked(root, Ask(("tags",), examples=1))
    assert {("PUT /v1/notes/{note_id}/tags/{name}", "answered by")} == places(found)
    assert {("tags", "monolith")} == {(one.before, one.after) for one in found.differences}


def test_contexts_that_have_not_left(tmp_path: Path) -> None:
    """Where only one has left the monolith is to answer for the other; where none has, there is nothing to compare."""
    write_files(tmp_path / "r", NOTES)
    with pytest.raises(DecomposerError, match="no context has one yet to compare with"):
        asked(tmp_path / "r")
    command = [sys.executable, "-m", "decomposer", "extract", "tags"]
    assert 0 == subprocess.run(command, cwd=tmp_path / "r", capture_output=True).returncode
    found = asked(tmp_path / "r", Ask(examples=1))
    assert () == found.differences
    assert ["tags", ""] == [of.context for of in found.contexts]


def test_an_interruption_ends_it(notes: Path, tmp_path: Path) -> None:
    """Control-C ends what was started, whichever side is being asked; exit code 130, and no word but that."""
    root = tmp_path / "repository"
    shutil.copytree(notes, root)
    words = [sys.executable, "-m", "decomposer", "smoke", "--python", sys.executable, "--env", "NOTES_DB={data}/n.db"]
    process = subprocess.Popen([*words, "--examples", "20"], cwd=root, stderr=subprocess.PIPE)
    wait_until((root / ".decompose/smoke/services/nginx/nginx.conf").exists, 60)
    process.send_signal(signal.SIGINT)
    assert b"interrupted\n" == process.communicate(timeout=20)[1]
    assert 130 == process.returncode
    assert [] == processes_of(root)


def test_the_command(notes: Path, tmp_path: Path) -> None:
    """Exit code 0 and figures by context, 1 and differences; the same seed makes the same requests; limits are told."""
    root = changed(notes, tmp_path, "status = 200 if status == 204 else status")
    words = [sys.executable, "-m", "decomposer", "smoke", "--python", sys.executable, "--env",
             "NOTES_DB={data}/notes.db", "--examples", "2"]  # fmt: skip

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*words, *more], cwd=root, capture_output=True, text=True)

    good = run("tags", "--env", f"OTHER=sqlite:///{tmp_path}/top-secret.db", "--env", "PLAIN=a/b")
    assert (0, "") == (good.returncode, good.stderr)
    assert "requests were answered alike, none differently." in good.stdout
    assert "\nOTHER names a place that all sides share: what one writes there, the next one finds" in good.stdout
    assert "NOTES_DB names" not in good.stdout and "PLAIN names" not in good.stdout
    assert "top-secret" not in good.stdout
    bad = run("notes", "--header", "X-Key=top-secret")
    assert 1 == bad.returncode, bad.stderr
    assert "DELETE /v1/notes/{note_id}: status" in bad.stdout
    assert "top-secret" not in bad.stdout + bad.stderr
    assert '-H "X-Key: $X_KEY"' in bad.stdout
    one, other = (json.loads(run("notes", "--format", "json", "--seed", "5").stdout) for _ in range(2))
    assert one["contexts"] == other["contexts"]
    assert [d["operation"] for d in one["differences"]] == [d["operation"] for d in other["differences"]]
    assert not one["holds"]
    short = run("--max-seconds", "0.001")
    assert "only the first 1 of" in short.stdout
    unknown = run("nobody")
    assert 2 == unknown.returncode
    assert "nobody: error: no rule file defines the context `nobody` [no-context] (known contexts: core, notes, tags" \
        in unknown.stderr  # fmt: skip
    missing = run("--data", "nothing.db")
    assert (2, "nothing.db: error: there is no such file or folder [no-data] (see --data)\n") == \
        (missing.returncode, missing.stderr)  # fmt: skip
