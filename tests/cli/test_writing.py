"""Commands that change files: applied, refused, taken back, at once, and killed half-way."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import SHOP, environment, invoke, spawn
from tests.conftest import EXAMPLE, make_git, write_files
from tests.shell.apply.trees import Tree, snapshot

Write = Callable[[Mapping[str, str | bytes]], Path]
AGENTS = ("extract", "agent-management")


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of the bundled example."""
    root = tmp_path / "example"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("__pycache__", ".decompose"))
    return root


@dataclass(frozen=True)
class Taken:
    """The example with the agents taken out: where, its entries before and after, and what the command told."""

    root: Path
    before: Tree
    after: Tree
    told: str


@pytest.fixture(scope="module")
def taken_once(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    """The agents taken out of the example, once for all tests that begin so."""
    root = tmp_path_factory.mktemp("taken") / "example"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("__pycache__", ".decompose"))
    before = snapshot(root)
    told = invoke(*AGENTS, repo=root)[1]
    return Taken(root, before, snapshot(root), told)


@pytest.fixture
def taken(taken_once: Taken, tmp_path: Path) -> Taken:
    """The same in a copy, with its history."""
    root = tmp_path / "example"
    shutil.copytree(taken_once.root, root, symlinks=True)
    assert taken_once.after == snapshot(root)
    return replace(taken_once, root=root)


def change_id(told: str) -> str:
    """The id of the change that a command tells of."""
    match = re.search(r"take it back with: decompose rollback (\d{4}-[0-9a-f]{6})", told)
    assert match, told
    return match[1]


def changes(root: Path) -> list[dict[str, Any]]:
    """The history as JSON has it."""
    code, told, _ = invoke("rollback", "--list", "--format", "json", repo=root)
    assert 0 == code
    found: list[dict[str, Any]] = json.loads(told)
    return found


def test_what_is_applied_is_what_the_patch_says(example: Path, tmp_path: Path) -> None:
    """The tree after `extract` is the tree after `git apply` of its patch, to the modes and the moved files told."""
    code, patch, notes = invoke(*AGENTS, "--dry-run", repo=example)
    assert 0 == code and not (example / ".decompose").exists()
    other = tmp_path / "other"
    shutil.copytree(example, other)
    subprocess.run(["git", "apply"], cwd=other, input=patch.encode(), check=True)
    code, told, errors = invoke(*AGENTS, repo=example)
    assert 0 == code
    assert snapshot(other) == snapshot(example)
    renames = re.findall(r"^(?:rename|copy) from (.*)\n(?:rename|copy) to (.*)$", patch, re.MULTILINE)
    assert f"moved {len(renames)} files:\n" in told
    assert all(f"  {old} -> {new}\n" in told for old, new in renames)
    assert notes.splitlines() == errors.splitlines() + [line for line in told.splitlines() if line in notes]


def test_a_second_run_writes_nothing(taken: Taken) -> None:
    """What is done already is said to be, with exit code 0, and no file is touched nor history written."""
    before = {path: path.lstat().st_mtime_ns for path in taken.root.rglob("*")}
    code, told, errors = invoke(*AGENTS, repo=taken.root)
    assert (0, "nothing to do\n") == (code, told) and "[already-extracted]" in errors
    assert before == {path: path.lstat().st_mtime_ns for path in taken.root.rglob("*")}


@pytest.mark.parametrize("named", [False, True], ids=["the last", "by its id"])
def test_a_change_is_taken_back_byte_for_byte(taken: Taken, named: bool) -> None:
    """`rollback` restores every file and folder; the history then says so, and there is nothing more to take back."""
    identity = change_id(taken.told)
    code, told, errors = invoke("rollback", *([identity[:4]] if named else []), repo=taken.root)
    assert (0, "") == (code, errors) and f"took back {identity} (extract agent-management): " in told
    assert taken.before == snapshot(taken.root)
    listed = invoke("rollback", "--list", repo=taken.root)[1]
    assert re.search(rf"^{identity}  .*  rolled back by 0002-\w+  agent-management  extract", listed, re.MULTILINE)
    code, told, errors = invoke("rollback", repo=taken.root)
    assert (2, "") == (code, told) and "no change to roll back" in errors


def test_a_rollback_can_be_taken_back(taken: Taken) -> None:
    """Named by its id, the rollback goes, and the change holds again."""
    invoke("rollback", repo=taken.root)
    assert 0 == invoke("rollback", "0002", repo=taken.root)[0]
    assert taken.after == snapshot(taken.root)


def test_a_later_edit_is_not_overwritten(taken: Taken) -> None:
    """An edited file is named, with what to do, and nothing at all is taken back."""
    mine = taken.root / "apps/agent-management/src/app/main.py"
    mine.write_text("# mine\n")
    before = snapshot(taken.root)
    code, told, errors = invoke("rollback", repo=taken.root)
    assert (2, "") == (code, told)
    place = re.escape(mine.relative_to(taken.root).as_posix())
    assert re.match(rf"{place}: error: was edited since 0001-\w+ wrote it \[changed]", errors)
    assert before == snapshot(taken.root)


def test_no_history_is_told_too(example: Path) -> None:
    """In words and as JSON, and nothing is written for it."""
    assert (0, "no change was made yet\n", "") == invoke("rollback", "--list", repo=example)
    assert (0, "[]\n", "") == invoke("rollback", "--list", "--format", "json", repo=example)
    assert not (example / ".decompose").exists()


def test_the_history_is_told_in_words_and_as_json(taken: Taken) -> None:
    """`--list` shows each change with its files and its state."""
    identity, example = change_id(taken.told), taken.root
    (told,) = changes(example)
    assert (identity, "extract agent-management", "applied", "", []) == (
        told["id"], told["title"], told["state"], told["undoes"], told["commits"])  # fmt: skip
    heading, line = invoke("rollback", "--list", repo=example)[1].splitlines()
    assert ["change", "made at", "files", "state", "context", "what"] == re.split(" {2,}", heading)
    assert [identity, told["time"], str(told["files"]), "applied", AGENTS[1], told["title"]] == re.split(" {2,}", line)
    assert identity == json.loads(invoke("rollback", "--format", "json", repo=example)[1])["id"]


def test_a_context_is_taken_back_by_its_name(example: Path) -> None:
    """`rollback CONTEXT`; where another context left later, the words that take that one back first, and they do."""
    before = snapshot(example)
    invoke("extract", "payment", repo=example)
    invoke("extract", "identity", repo=example)
    code, told, errors = invoke("rollback", "payment", repo=example)
    assert (2, "") == (code, told) and "[later-changes]" in errors
    words = f"in this order: decompose rollback identity --repo {example})\n"
    assert errors.endswith(words) and 1 == errors.count("\n")
    for context in ("identity", "payment"):
        assert 0 == invoke("rollback", context, repo=example)[0]
    assert before == snapshot(example)
    assert [["payment"], ["identity"], [], []] == [change["contexts"] for change in changes(example)]


def test_a_change_with_errors_is_not_made(repository: Write) -> None:
    """Two rules that claim one file: exit code 1, and it is said that nothing was written."""
    claim = '[[rule]]\npaths = ["orders/**"]\nreason = "Mine."\n'
    root = repository({**SHOP, "contexts/other.toml": f'name = "other"\n{claim}',
                       "contexts/users.toml": 'name = "users"\n[[rule]]\npaths = ["users.py"]\nreason = "Users."\n',
                       "shop/users.py": ""})  # fmt: skip
    before = snapshot(root)
    code, told, errors = invoke("extract", "users", repo=root)
    assert (1, "") == (code, told) and "[rule-conflict]" in errors
    assert re.search(r"^nothing was written: \d problems? to mend first$", errors, re.MULTILINE)
    assert before == snapshot(root) and not (root / ".decompose").exists()


def test_moves_are_committed_before_edits(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--commit`: two commits are told and made, the work tree is clean, and nothing of the history is in them."""
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "A. Author")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "author@example.org")
    make_git(example)
    code, told, _ = invoke(*AGENTS, "--commit", repo=example)
    commits = git(example, "log", "--format=%h %s", "--abbrev=10").splitlines()
    assert 0 == code and 3 == len(commits)
    assert f"committed as {commits[1].split()[0]} and {commits[0].split()[0]}\n" in told
    assert commits[1].endswith("extract agent-management (1 of 2: files moved, not edited)")
    assert "" == git(example, "status", "--porcelain") and ".decompose" not in git(example, "ls-files")
    assert f"git still has it, as {commits[1].split()[0]} and" in invoke("rollback", repo=example)[1]
    git(example, "add", "-A")
    assert "" == git(example, "diff", "--cached", "HEAD~2", "--stat")


def test_a_change_that_git_cannot_take_is_not_made(example: Path) -> None:
    """`--commit` where there is no repository of git, or a file is not committed: exit code 2, nothing written."""
    before = snapshot(example)
    code, told, errors = invoke(*AGENTS, "--commit", repo=example)
    assert (2, "") == (code, told) and "not a git repository" in errors
    make_git(example)
    edited = example / "apps/coordinator-api/src/app/services/agent_integration.py"
    edited.write_bytes(edited.read_bytes() + b"\n# mine\n")
    before = snapshot(example)
    code, told, errors = invoke(*AGENTS, "--commit", repo=example)
    assert (2, "") == (code, told) and "has changes that are not committed" in errors
    assert before == snapshot(example)


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout


def test_init_can_be_read_first_and_taken_back(repository: Write) -> None:
    """`init` prints its patch, writes through the same transaction, and what `--force` replaces comes back."""
    root = repository({path: text for path, text in SHOP.items() if path.startswith("shop/")})
    before = snapshot(root)
    code, patch, _ = invoke("init", "--dry-run", repo=root)
    assert 0 == code and "+++ b/decompose.toml\n" in patch and before == snapshot(root)
    invoke("init", repo=root)
    (root / "decompose.toml").write_text("# mine\npackage = 'shop'\n")
    mine = snapshot(root)
    code, told, _ = invoke("init", "--force", repo=root)
    assert 0 == code and "edited 1 file:\n  decompose.toml\n" in told
    assert (0, "nothing to do\n", "") == invoke("init", "--force", repo=root)
    invoke("rollback", repo=root)
    assert mine == snapshot(root)


def test_text_in_a_pipe_is_plain(example: Path) -> None:
    """As a process: no escape codes, no progress bar, errors apart, and the way back names the repository."""
    where = str(example)
    done = spawn(*AGENTS, "--repo", where, cwd=example.parent, TERM="xterm-256color", FORCE_COLOR="1")
    assert 0 == done.returncode and "\x1b" not in done.stdout + done.stderr
    assert done.stdout.endswith(f"decompose rollback {change_id(done.stdout)} --repo {where}\n")
    done = spawn("rollback", cwd=example, FORCE_COLOR="1")
    assert (0, "") == (done.returncode, done.stderr) and "\x1b" not in done.stdout


def test_a_name_that_is_no_text_does_not_reach_the_terminal(repository: Write) -> None:
    """A file whose name has control characters is moved, and told with escapes."""
    root = repository({**SHOP, "shop/orders/\x1b[31mred.py": ""})
    code, told, errors = invoke("extract", "orders", repo=root)
    assert 0 == code and "\x1b" not in told + errors and "\\x1b[31mred.py" in told


# What a process does that is started with a driver in the place of `decompose`: the real command, and a test's hand.
WAITING = """
import os, sys, time
from decomposer import app
from decomposer.cli import main
real, place = app.apply, sys.argv[1]
def apply(*arguments):
    open(os.path.join(place, str(os.getpid())), "w").close()
    while not os.path.exists(os.path.join(place, "go")):
        time.sleep(0.002)
    return real(*arguments)
app.apply = apply
sys.argv = ["decompose", *sys.argv[2:]]
main()
"""
DYING = """
import sys
from decomposer.cli import main
from tests.shell.apply.faults import Fault, failing
with failing(Fault(int(sys.argv[1]))):
    sys.argv = ["decompose", *sys.argv[2:]]
    main()
"""


def drive(driver: str, *words: str, cwd: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", driver, *words], cwd=cwd, env=environment(), text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip


@pytest.mark.proof
def test_of_eight_commands_at_once_one_wins_and_seven_are_refused(example: Path, tmp_path: Path) -> None:
    """While one plans and makes its change, seven others are told so in a line and exit code 2, and change nothing."""
    before = snapshot(example)
    place = tmp_path / "barrier"
    place.mkdir()
    runs = [drive(WAITING, str(place), *AGENTS, cwd=example) for _ in range(8)]
    deadline = time.monotonic() + 120
    while (sum(run.poll() is not None for run in runs) < 7 or not os.listdir(place)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert before == snapshot(example)
    (winner,) = os.listdir(place)
    (place / "go").touch()
    ended = {str(run.pid): (*run.communicate(timeout=60), run.returncode) for run in runs}
    told, _, code = ended.pop(winner)
    assert 0 == code and [change_id(told)] == [change["id"] for change in changes(example)]
    refusal = ".: error: another run is writing to this repository [locked] (run again when it has ended)\n"
    for told, errors, code in ended.values():
        assert (2, "", refusal) == (code, told, errors)
    assert 0 == invoke("rollback", repo=example)[0]
    assert before == snapshot(example)


def test_the_same_command_eight_times_at_once_is_done_once(repository: Write) -> None:
    """However they meet: one makes the change, others are refused or find nothing left to do."""
    root = repository(SHOP)
    runs = [drive("from decomposer.cli import main; main()", "extract", "orders", cwd=root) for _ in range(8)]
    ended = [(*run.communicate(timeout=120), run.returncode) for run in runs]
    assert 1 == sum("take it back with" in told for told, *_ in ended)
    for told, errors, code in ended:
        assert "Traceback" not in errors
        assert (code == 0 and told) or (code == 2 and "[locked]" in errors and not told)
    assert 1 == len(changes(root))


def kill(root: Path, words: Sequence[str], at: int) -> None:
    """Runs a command in a repository and kills it at one of the calls that change something."""
    command = drive(DYING, str(at), *words, cwd=root)
    _, errors = command.communicate(timeout=60)
    assert -9 == command.returncode, errors
    assert (root / ".decompose/unfinished").exists()


@pytest.mark.parametrize("at", [20, 680, 740, 800])
@pytest.mark.proof
def test_after_a_killed_command_the_next_one_recovers(example: Path, taken_once: Taken, at: int) -> None:
    """Kill -9 in the midst of `extract`: the next one undoes what is half-made, says so, and makes the change."""
    before = snapshot(example)
    kill(example, AGENTS, at)
    code, told, errors = invoke(*AGENTS, repo=example)
    assert 0 == code and change_id(told).startswith("0001-")
    if at > 20:  # before, there was nothing to undo
        assert "warning: a run was stopped half-way through `extract agent-management`: its change is undone" in errors
    assert taken_once.after == snapshot(example)
    assert 0 == invoke("rollback", repo=example)[0]
    assert before == snapshot(example)


def test_rollback_undoes_a_killed_command_and_no_other(example: Path) -> None:
    """Where no change is named, the one that is half-made was the last: the one before it stays."""
    invoke("extract", "payment", repo=example)
    before = snapshot(example)
    kill(example, AGENTS, 300)
    assert before != snapshot(example)
    code, told, errors = invoke("rollback", repo=example)
    assert (0, "no other change was taken back\n") == (code, told) and "[recovered]" in errors
    assert before == snapshot(example)


def test_a_killed_rollback_is_ended_by_the_next_one(taken: Taken) -> None:
    """Kill -9 in the midst of `rollback`: the next one takes the change back."""
    kill(taken.root, ("rollback",), 500)
    code, told, errors = invoke("rollback", repo=taken.root)
    assert 0 == code and "[rollback-recovered]" in errors and "took back 0001-" in told
    assert taken.before == snapshot(taken.root)


@pytest.mark.proof
def test_commands_that_read_warn_of_a_killed_one(example: Path) -> None:
    """Each of them, whether its answer is new or printed again, says that the files may be half-changed."""
    words = ("analyze", "--format", "json")
    warning = "warning: a run that writes is at work or was killed"
    assert "" == spawn(*words, cwd=example).stderr
    os.mkdir(example / ".decompose")
    os.mkdir(example / ".decompose/unfinished")
    kept = spawn(*words, cwd=example)
    assert warning in kept.stderr and 1 == kept.stderr.count("\n") and json.loads(kept.stdout)
    shutil.rmtree(example / ".decompose")
    kill(example, AGENTS, 640)
    for command in (words, ("graph",), ("explain", "Escrow"), (*AGENTS, "--dry-run"), ("rollback", "--list")):
        for _ in range(2):
            assert warning in spawn(*command, cwd=example).stderr
    invoke("rollback", repo=example)
    assert "" == spawn(*words, cwd=example).stderr


def test_what_the_tool_keeps_is_neither_read_nor_committed(taken: Taken) -> None:
    """The folder of the history ignores itself in git, and analysis says the same with it and without."""
    example = taken.root
    told = json.loads(invoke("analyze", "--format", "json", repo=example)[1])
    assert "*\n" == (example / ".decompose/.gitignore").read_text()
    write_files(example, {".decompose/history/x/before/1.py": "import app\n", ".decompose/x.py": "import app\n"})
    again = json.loads(invoke("analyze", "--format", "json", repo=example)[1])
    assert {**told, "elapsed_seconds": 0} == {**again, "elapsed_seconds": 0}
