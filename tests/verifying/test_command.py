"""`decompose verify` from the command line, and what recorded changes prove."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from decomposer import app
from decomposer.changeset import Change, ChangeSet
from decomposer.model.certificate import Check
from decomposer.shell.apply import apply_changes
from decomposer.shell.recorded import recorded_changes
from decomposer.verifying.trail import moves, trail
from tests.conftest import write_files
from tests.verifying.shop import AFTER, BEFORE, CATALOG, SOURCE


def decompose(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """What the command prints in a folder."""
    return subprocess.run([sys.executable, "-m", "decomposer", *words], cwd=cwd, capture_output=True, text=True)


@pytest.mark.proof
def test_from_baseline_to_certificate(tmp_path: Path) -> None:
    """A baseline, a certificate that holds with its tests, and one that does not: exit codes 0, 0 and 1."""
    test = {"apps/shop-api/tests/test_it.py": "import app.main\n\n\ndef test_it():\n    assert app.main.app\n"}
    write_files(tmp_path, {**BEFORE, **test})
    python = ("--python", sys.executable)
    first = decompose("verify", *python, cwd=tmp_path)
    assert (2, "") == (first.returncode, first.stdout)
    assert "[no-baseline] (record one before the first step: decompose verify --baseline" in first.stderr
    words = ("verify", "--baseline", "--tests", "apps/shop-api/tests", *python)
    recorded = decompose(*words, cwd=tmp_path)
    assert "the baseline is kept: 5 paths, 12 routes, 2 tables, 8 modules\nwith 1 test\n" == recorded.stdout
    assert "does not import: app.broken" in recorded.stderr
    shutil.rmtree(tmp_path / SOURCE)
    write_files(tmp_path, AFTER)
    good = decompose("verify", "catalog", *python, cwd=tmp_path)
    assert (0, "") == (good.returncode, good.stderr), good.stdout
    assert "The certificate holds: 30 hold, 4 not checked." in good.stdout
    not_checked = [line for line in good.stdout.splitlines() if "not-checked" in line]
    reasons = [line.rpartition(": ")[2] for line in not_checked]
    assert 2 * ["no Celery application was loaded"] + 2 * ["it was made by other means"] == reasons
    kept = json.loads((tmp_path / ".decompose/certificates/catalog.json").read_text())
    assert "## catalog" in (tmp_path / ".decompose/certificates/catalog.md").read_text()
    assert "1 test" == next(c for c in kept["checks"] if c["name"] == "tests")["evidence"][-1]
    main = tmp_path / CATALOG / "src/app/main.py"
    main.write_text(main.read_text() + "\nraise SystemExit('no more')\n")
    bad = decompose("verify", "catalog", "--format", "json", *python, cwd=tmp_path)
    assert 1 == bad.returncode
    checks = json.loads(bad.stdout)["certificates"][0]["checks"]
    failed = {check["name"]: check["evidence"] for check in checks if check["state"] == "fails"}
    assert {"boots", "imports-alone", "deployable"} == set(failed)
    assert [f"{CATALOG}/src/app/main.py:30: SystemExit: no more"] == failed["boots"][:1]
    other = decompose("verify", "nobody", "--env", "NOVALUE", cwd=tmp_path)
    assert (2, "--env: error: is to be NAME=VALUE [usage]\n") == (other.returncode, other.stderr)
    other = decompose("verify", "nobody", cwd=tmp_path)
    assert "nobody: error: no rule file defines the context `nobody` [no-context] (known contexts: core" in other.stderr


def test_a_monolith_that_does_not_boot(tmp_path: Path) -> None:
    """There is no baseline of what does not boot: what is in the way is told with its place."""
    write_files(tmp_path, {**BEFORE, f"{SOURCE}/deps.py": "import nothing_there\n"})
    found = decompose("verify", "--baseline", "--python", sys.executable, cwd=tmp_path)
    assert 2 == found.returncode
    assert f"does not boot: {SOURCE}/deps.py:1: ModuleNotFoundError: No module named 'nothing_there'" in found.stderr
    assert not (tmp_path / ".decompose/baseline.json").exists()


def test_an_interruption_ends_what_was_started(tmp_path: Path) -> None:
    """Control-C ends the code that is running at once, and leaves no files; those of a killed run go with the next."""
    asleep = tmp_path / "asleep"
    script = f"import os, time\nopen({str(asleep)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)\n"
    write_files(tmp_path, {**BEFORE, f"{SOURCE}/deps.py": script, ".decompose/tmp/verify-99999999-x/file": ""})
    command = [sys.executable, "-m", "decomposer", "verify", "--baseline", "--python", sys.executable]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE)
    for _ in range(200):
        if asleep.exists() and asleep.read_text():
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert b"interrupted\n" == process.communicate(timeout=10)[1]
    assert 130 == process.returncode
    assert not os.path.exists(f"/proc/{asleep.read_text()}")
    assert [] == list((tmp_path / ".decompose/tmp").iterdir())


def test_what_recorded_changes_prove(tmp_path: Path) -> None:
    """Each change that holds is checked as the later ones found it; an edit since is told, lost bytes are a failure."""
    write_files(tmp_path / "r", {"a.txt": "one\n", "b.txt": "b\n"})
    root, options = tmp_path / "r", app.Options(repo=tmp_path / "r", cache=False)
    move = (Change("a.txt", b"one\n", None), Change("c/a.txt", None, b"two\n", moved_from="a.txt"))
    app.apply(options, ChangeSet(move), "extract one", False)
    app.apply(options, ChangeSet((Change("c/a.txt", b"two\n", b"three\n"),)), "extract two", False)
    app.apply(options, ChangeSet((Change("b.txt", b"b\n", b"x\n"),)), "taken back", False)
    app.rollback(options, None)

    def states(name: str) -> list[tuple[str, str]]:
        return [(check.name, check.state) for check in checks(name, ["one"], 0)]

    def checks(name: str, contexts: list[str], count: int) -> list[Check]:
        return trail(recorded_changes(root), tmp_path / name, contexts, {"one": count}.__getitem__)

    assert {"a.txt": "c/a.txt"} == moves(recorded_changes(root))
    assert [("patch", "holds"), ("rollback", "holds"), ("unchanged", "holds")] == states("1")
    (root / "c/a.txt").write_text("edited\n")
    assert [("patch", "holds"), ("rollback", "not-checked"), ("unchanged", "holds")] == states("2")
    (root / "c/a.txt").write_text("three\n")
    for kept in (root / ".decompose/history").glob("0001-*/before/*"):
        kept.write_text("spoiled\n")
    assert [("patch", "holds"), ("rollback", "fails"), ("unchanged", "holds")] == states("3")
    apply_changes(root, ChangeSet((Change("new.py", None, b""),)), "extract one", ("one",))
    assert "holds" == checks("5", ["core", "one"], 0)[2].state
    changed = checks("4", ["one"], 2)[2]
    assert ("fails", "one: 2 files would change") == (changed.state, changed.evidence[0])


@pytest.mark.proof
def test_files_of_the_current_folder(tmp_path: Path) -> None:
    """What an application reads from the folder that it runs in is found with --cwd; hidden files are not."""
    main = BEFORE[f"{SOURCE}/main.py"]
    main += '\nimport os\nopen("static/logo.txt").read()\nassert not os.path.exists(".env")\n'
    write_files(tmp_path, {**BEFORE, f"{SOURCE}/main.py": main, "web/static/logo.txt": "logo", "web/.env": "A=1"})
    words = ("verify", "--baseline", "--python", sys.executable)
    found = decompose(*words, cwd=tmp_path)
    assert 2 == found.returncode
    assert "FileNotFoundError" in found.stderr and "--cwd" in found.stderr
    assert 0 == decompose(*words, "--cwd", "web", cwd=tmp_path).returncode
    other = decompose(*words, "--cwd", "nowhere", cwd=tmp_path)
    assert (2, "nowhere: error: there is no such folder [no-folder] (see --cwd)\n") == (other.returncode, other.stderr)


@pytest.mark.proof
def test_a_later_run_is_told_nothing_twice(tmp_path: Path) -> None:
    """The interpreter and the folder are those of the baseline; the values of variables must be given again."""
    main = BEFORE[f"{SOURCE}/main.py"] + '\nopen("static/logo.txt").read()\n'
    write_files(tmp_path, {**BEFORE, f"{SOURCE}/main.py": main, "web/static/logo.txt": "logo"})
    words = ("--python", sys.executable, "--cwd", "web", "--env", "TOKEN=top-secret")
    assert 0 == decompose("verify", "--baseline", *words, cwd=tmp_path).returncode
    assert "top-secret" not in (tmp_path / ".decompose/baseline.json").read_text()
    bare = decompose("verify", cwd=tmp_path)
    assert 2 == bare.returncode
    assert "was recorded with TOKEN, which the code may need [no-variable] (--env TOKEN=…)" in bare.stderr
    assert 0 == decompose("verify", "--env", "TOKEN=other", cwd=tmp_path).returncode


@pytest.mark.proof
def test_a_second_baseline_is_not_taken_by_mistake(tmp_path: Path) -> None:
    """Once contexts have left, what they broke would count as right: only a word of its own records it anew."""
    write_files(tmp_path, BEFORE)
    words = ("verify", "--baseline", "--python", sys.executable)
    assert 0 == decompose(*words, cwd=tmp_path).returncode
    assert 0 == decompose(*words, cwd=tmp_path).returncode
    shutil.rmtree(tmp_path / SOURCE)
    write_files(tmp_path, AFTER)
    refused = decompose(*words, cwd=tmp_path)
    assert 2 == refused.returncode
    assert "[baseline-kept]" in refused.stderr and "core, catalog, orders left since" in refused.stderr
    forced = decompose(*words, "--force", cwd=tmp_path)
    assert 0 == forced.returncode
    assert "warning: core, catalog, orders had left already" in forced.stderr
    (tmp_path / ".decompose/baseline.json").unlink()
    assert forced.stderr == decompose(*words, cwd=tmp_path).stderr
    nowhere = decompose(*words, "--tests", "nowhere", cwd=tmp_path)
    assert "nowhere: error: there is no such folder [no-folder] (see --tests)\n" == nowhere.stderr
