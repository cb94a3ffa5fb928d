"""Answers that are printed again: the same bytes where nothing has changed, and never a stale one."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from decomposer import app
from decomposer.cli import main
from decomposer.shell import replay
from decomposer.shell.replay import ENVIRONMENT
from tests.conftest import write_files
from tests.shell.test_cache import CHANGES, DAMAGES, SHOP, append, keep_times

COMMANDS = (
    ("analyze",), ("analyze", "--format", "json"), ("analyze", "--format=markdown"), ("graph",),
    ("graph", "--format", "mermaid"), ("explain", "shop.b"), ("explain", "/x", "--format", "json"),
)  # fmt: skip
Run = Callable[..., tuple[int, bytes, bool]]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small repository, where the commands run, and a cache of its own beside it."""
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "cache"))
    root = tmp_path / "repository"
    write_files(root, SHOP)
    monkeypatch.chdir(root)
    yield root


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """A function that runs a command: its exit code, what it printed, and whether it had to look at any code."""
    worked: list[bool] = []
    analysis = app.analysis

    def counted(*args: object) -> object:
        worked.append(True)
        return analysis(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(app.reading, "analysis", counted)

    def command(*words: str) -> tuple[int, bytes, bool]:
        worked.clear()
        monkeypatch.setattr(sys, "argv", ["decompose", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capfdbinary.readouterr()
        assert b"" == printed.err
        return int(ended.value.code or 0), printed.out, bool(worked)

    return command


def timeless(output: bytes) -> bytes:
    """What was printed, without the time it took."""
    return re.sub(rb'"elapsed_seconds": [\d.]+', b'"elapsed_seconds": 0', output)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_an_unchanged_tree_prints_the_same_bytes(shop: Path, run: Run, words: tuple[str, ...]) -> None:
    """The second run prints what the first did, but for the time it took, without looking at any code."""
    code, output, worked = run(*words)
    assert worked and output
    again = run(*words)
    assert (code, timeless(output), False) == (again[0], timeless(again[1]), again[2])
    if "json" in words and words[0] == "analyze":
        assert output != again[1], "the time is that of this run"


def fresh(run: Run, *words: str) -> tuple[int, bytes]:
    """What a command prints without a cache."""
    code, output, worked = run(*words, "--no-cache")
    assert worked
    return code, timeless(output)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_after_any_change_the_answer_is_a_new_one(shop: Path, run: Run, change: Callable[[Path], object]) -> None:
    """After any change the answer is that of a run without a cache, and so is the one after it."""
    run("analyze", "--format", "json")
    change(shop)
    expected = fresh(run, "analyze", "--format", "json")
    for _ in range(2):
        code, output, _ = run("analyze", "--format", "json")
        assert expected == (code, timeless(output))


def test_rules_outside_the_repository_are_watched(shop: Path, run: Run, tmp_path: Path) -> None:
    """A rule file outside that changes, comes or goes is noticed, times set back or not."""
    rules = tmp_path / "rules"
    write_files(rules, {"a.toml": SHOP["contexts/a.toml"]})
    words = ("analyze", "--rules", str(rules))
    run(*words)
    for change in (
        append("a.toml", '[[rule]]\npaths = ["b.py"]\nreason = "r"\n'),
        append("b.toml", 'name = "b"\n[[rule]]\npaths = ["main.py"]\nreason = "r"\n'),
        keep_times(
            lambda root: (root / "b.toml").write_text((root / "b.toml").read_text().replace('"b"', '"c"')), "b.toml"
        ),
        lambda root: (root / "b.toml").unlink(),
        lambda root: (root / ".#a.toml").symlink_to("nobody@nowhere"),
    ):
        assert not run(*words)[2]
        change(rules)
        expected = fresh(run, *words)
        assert expected == run(*words)[:2]
    option = f"--rules={rules}"
    run("analyze", option)
    append("a.toml", '[[rule]]\nkeywords = ["shop"]\nreason = "r"\n')(rules)
    assert run("analyze", option)[2]


def test_what_is_given_several_times_is_known_again(shop: Path, run: Run, tmp_path: Path) -> None:
    """A command that has to be worked out anew is the one that was asked for, with all its values."""
    for name in ("may", "june"):
        (tmp_path / f"{name}.json").write_bytes(run("analyze", "--format", "json")[1])
    words = ("analyze", "--since", "../may.json", "--since", "../june.json")
    run(*words)
    append("src/shop/b.py", "x = 1\n")(shop)
    expected = fresh(run, *words)
    assert re.search(rb"figure +may +june +now", expected[1])
    assert expected == run(*words)[:2]


def test_a_configuration_outside_the_repository_is_watched(shop: Path, run: Run, tmp_path: Path) -> None:
    """A configuration file that is named, or that a link leads to, is noticed when it changes."""
    for words in (("analyze", "--config", "../other.toml"), ("analyze",)):
        write_files(tmp_path, {"other.toml": SHOP["decompose.toml"]})
        if words == ("analyze",):
            (shop / "decompose.toml").unlink()
            (shop / "decompose.toml").symlink_to("../other.toml")
        run(*words)
        assert not run(*words)[2]
        write_files(tmp_path, {"other.toml": 'source = "src"\npackage = "shop"\n[limits]\nfile = 1\n'})
        expected = fresh(run, *words)
        assert expected == run(*words)[:2]


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "src/shop/gone.py").symlink_to("nowhere.py"),
        lambda root: (root / "up").symlink_to(".."),
        lambda root: os.mkfifo(root / "src/shop/a.md"),
        lambda root: (root / "src/shop/empty").mkdir(),
    ],
    ids=["a dangling link", "a link to a folder", "a pipe", "an empty folder"],
)
def test_what_is_not_read_is_watched_where_it_is_told(shop: Path, run: Run, change: Callable[[Path], object]) -> None:
    """A link that comes or goes changes the report, though no file has changed."""
    run("analyze")
    change(shop)
    expected = fresh(run, "analyze")
    assert expected == run("analyze")[:2]


def test_links_are_watched_for_what_they_lead_to(shop: Path, run: Run) -> None:
    """A link that is turned to something else, or whose target goes, is told anew."""
    link, target = shop / "src/shop/link.py", shop / "elsewhere"
    target.touch()
    link.symlink_to("../../elsewhere")
    run("analyze")
    for change in (target.unlink, link.unlink, lambda: link.symlink_to("a.py")):
        change()
        expected = fresh(run, "analyze")
        assert expected == run("analyze")[:2]


def test_another_repository_around_is_noticed(shop: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the folder comes to belong to a nearer repository, that one is analysed."""
    monkeypatch.chdir(shop / "src")
    assert [True, False] == [run("analyze")[2], run("analyze")[2]]
    (shop / "src/.git").mkdir()
    expected = fresh(run, "analyze")
    assert b"found by looking" in expected[1]
    assert expected == run("analyze")[:2]


def test_a_repository_behind_a_link_is_the_one_it_leads_to(shop: Path, run: Run, tmp_path: Path) -> None:
    """`--repo` with a link that is turned to another folder is about the other folder."""
    shutil.copytree(shop, tmp_path / "other")
    append("src/shop/more.py", "")(tmp_path / "other")
    (tmp_path / "current").symlink_to("repository")
    words = ("analyze", "--repo", "../current")
    run(*words)
    (tmp_path / "current").unlink()
    (tmp_path / "current").symlink_to("other")
    expected = fresh(run, *words)
    assert expected == run(*words)[:2]


def test_the_same_words_elsewhere_are_another_question(shop: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer belongs to its folder and its words."""
    run("explain", "shop.a")
    assert b"shop.b: nobody" in run("explain", "shop.b")[1]
    monkeypatch.chdir(shop / "src")
    assert run("explain", "shop.a")[2]


def kept() -> list[Path]:
    """The answers that are kept."""
    return [path for path in (Path(os.environ[ENVIRONMENT]) / "output").iterdir() if path.is_file()]


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_damaged_answers_are_not_printed(shop: Path, run: Run, damage: Callable[[bytes], bytes]) -> None:
    """An answer that was cut short, changed or put there by somebody else is worked out again."""
    code, output, _ = run("analyze")
    [path] = kept()
    path.write_bytes(damage(path.read_bytes()))
    assert (code, output, True) == run("analyze")
    assert (code, output, False) == run("analyze")


def test_another_version_of_the_tool_works_it_out_again(shop: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer of another version of the tool, or of Python, is not printed."""
    run("analyze")
    monkeypatch.setattr(replay, "fingerprint", lambda: "another")
    assert run("analyze")[2]


def test_errors_are_not_kept(shop: Path, run: Run, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """A command that could not run is run again."""
    (shop / "contexts/a.toml").write_text("name = 3\n", "utf-8")
    for _ in range(2):
        sys.argv[1:] = ["analyze"]
        with pytest.raises(SystemExit, match="2"):
            main()
        assert b"`name` must be a string" in capfdbinary.readouterr().err


def test_a_cache_that_cannot_be_written_only_costs_time(shop: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be kept, every run works and prints the same."""
    code, output, _ = run("analyze")
    monkeypatch.setenv(ENVIRONMENT, "/proc/nowhere" if os.geteuid() == 0 else "/nowhere")
    for _ in range(2):
        assert (code, output, True) == run("analyze")


def test_names_that_are_not_utf8_are_printed_again(shop: Path, run: Run) -> None:
    """Bytes in a file name, and control characters, are the same the second time."""
    with open(os.fsencode(shop) + b"/src/shop/\xe9\x1b.py", "wb"):
        pass
    output = run("analyze")[1]
    assert b"\\udce9\\x1b.py: cannot be listed" in output and b"\x1b" not in output
    assert (0, output, False) == run("analyze")
