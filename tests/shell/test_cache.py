"""The cache of facts: never the difference between two answers, whatever changes and whatever is in it."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from decomposer.app import Options, analyze, graph
from decomposer.shell import workers
from decomposer.shell.cache import Cache, checksum
from decomposer.shell.ignoring import Ignore
from decomposer.shell.replay import ENVIRONMENT
from tests.conftest import ROOT, write_files

SHOP: dict[str, str | bytes] = {
    "decompose.toml": 'source = "src"\npackage = "shop"\nrules = "contexts"\n',
    "contexts/a.toml": 'name = "a"\n[[rule]]\npaths = ["a.py"]\nreason = "r"\n',
    ".gitignore": "generated/\n*.log.md\n",
    "src/shop/__init__.py": "",
    "src/shop/main.py": """from fastapi import FastAPI
from shop import a

app = FastAPI()


@app.get("/x")
def x(): ...
""",
    "src/shop/a.py": "from shop import b\n",
    "src/shop/b.py": "VALUE = 1\n",
    "other/shop/c.py": "import shop.a\n",
    "tool.py": "import shop.a\n",
    "silent.py": "import os\n",
    "named.py": "from main import shop\nshop.a()\n",
    "generated/g.py": "import shop.a\n",
    "run.sh": "uvicorn shop.main:app\n",
    "notes.log.md": "see shop.a\n",
    "README.md": "see `src/shop/b.py`\n",
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small repository whose cache has been filled, in a cache folder of its own."""
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "cache"))
    root = tmp_path / "repository"
    write_files(root, SHOP)
    told(root)
    yield root


def told(root: Path, cache: bool = True, reader: str = "ast") -> tuple[dict[str, Any], dict[str, Any]]:
    """Everything that is known of a repository: the analysis without its duration, and the graph."""
    document = dict(analyze(Options(repo=root, cache=cache, reader=reader)).value)
    document.pop("elapsed_seconds")
    return document, json.loads(graph(Options(repo=root, cache=cache, reader=reader), "json").value)


def check(root: Path) -> None:
    """The answer from the cache is the answer without it, the first time and the next."""
    expected = told(root, cache=False)
    assert expected == told(root)
    assert expected == told(root)


def append(path: str, text: str) -> Callable[[Path], object]:
    """A change that adds lines to a file, or makes it."""

    def change(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with open(root / path, "a", encoding="utf-8") as file:
            file.write(text)

    return change


def replace(path: str, text: str) -> Callable[[Path], object]:
    """A change of a file's whole text."""
    return lambda root: (root / path).write_text(text, "utf-8")


def move(old: str, new: str) -> Callable[[Path], object]:
    """A change of a file's place, its content and its times staying as they are."""
    return lambda root: (root / old).rename(root / new)


def keep_times(change: Callable[[Path], object], path: str) -> Callable[[Path], None]:
    """A change that afterwards pretends that it was never made."""

    def hidden(root: Path) -> None:
        before = os.stat(root / path)
        change(root)
        os.utime(root / path, ns=(before.st_atime_ns, before.st_mtime_ns))

    return hidden


CHANGES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda root: None,
    "content": append("src/shop/b.py", "from shop import main\n"),
    "content of the same size": replace("src/shop/a.py", "from shop import c\n"),
    "content of the same size and time": keep_times(replace("src/shop/a.py", "from shop import c\n"), "src/shop/a.py"),
    "time alone": lambda root: os.utime(root / "src/shop/a.py", (1, 1)),
    "a new file": append("src/shop/new.py", "import shop.b\n"),
    "a new file around": append("scripts/new.py", "import shop.b\n"),
    "a file less": lambda root: (root / "src/shop/b.py").unlink(),
    "a folder less": lambda root: shutil.rmtree(root / "other"),
    "a file moved in": move("tool.py", "src/shop/tool.py"),
    "a silent file moved in": move("silent.py", "src/shop/silent.py"),
    "a file moved out": move("src/shop/b.py", "b.py"),
    "two files swapped": lambda root: (move("src/shop/a.py", "x")(root), move("src/shop/b.py", "src/shop/a.py")(root),
                                       move("x", "src/shop/b.py")(root)),
    "a copy of a silent file in the package": lambda root: shutil.copy(root / "silent.py", root / "src/shop/twin.py"),
    "a file that only says the name, moved in": move("named.py", "src/shop/named.py"),
    "a copy of such a file in the package": lambda root: shutil.copy(root / "named.py", root / "src/shop/twin.py"),
    "a copy of such a module around": lambda root: shutil.copy(root / "src/shop/b.py", root / "named.py"),
    "a file that only said the name": append("named.py", "import shop.a\n"),
    "a copy of a module around": lambda root: shutil.copy(root / "src/shop/b.py", root / "twin.py"),
    "a document": append("README.md", "and `shop.a`\n"),
    "a document that grows too large": append("README.md", "#\n" * 300_000),
    "a module that becomes a package": lambda root: ((root / "src/shop/b.py").unlink(),
                                                     append("src/shop/b/__init__.py", "")(root)),
    "a module that breaks": append("src/shop/b.py", "def f(:\n"),
    "rules": append("contexts/a.toml", '[[rule]]\npaths = ["b.py"]\nreason = "r"\n'),
    "a new rule file": append("contexts/b.toml", 'name = "b"\n[[rule]]\npaths = ["b.py"]\nreason = "r"\n'),
    "the package": replace("decompose.toml", 'source = "src"\npackage = "shop"\n[limits]\nfile = 1\n'),
    "the source": replace("decompose.toml", 'source = "other"\npackage = "shop"\n'),
    "what is excluded": append("decompose.toml", 'exclude = ["other", "tool.py"]\n'),
    "no configuration": lambda root: (root / "decompose.toml").unlink(),
    "what is ignored": append(".gitignore", "other\n"),
    "what is not ignored": append(".gitignore", "!notes.log.md\n!generated/\n"),
    "what is ignored further down": append("other/.gitignore", "*.py\n"),
    "what is ignored in the package": append("src/.gitignore", "b.py\n"),
    "nothing ignored": lambda root: (root / ".gitignore").unlink(),
    "a link": lambda root: (root / "src/shop/link.py").symlink_to("a.py"),
    "a pattern that is none": append(".gitignore", "!\n/\n***\n[z-a]\n"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_any_change_gives_the_answer_that_no_cache_gives(shop: Path, change: Callable[[Path], object]) -> None:
    """After any change, and after it is taken back, the answer is the one without a cache."""
    change(shop)
    check(shop)
    shutil.rmtree(shop)
    write_files(shop, SHOP)
    check(shop)


def test_both_readers_have_facts_of_their_own(shop: Path) -> None:
    """What one reader made of a file is not taken for the other's."""
    replace("src/shop/a.py", "from shop import b\nx = (\n")(shop)
    for reader in ("ast", "libcst", "ast"):
        assert told(shop, cache=False, reader=reader) == told(shop, reader=reader)


def test_a_file_that_could_not_be_read_is_read_again(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was closed, in the package and around it, counts as soon as it is open."""
    closed = {str(shop / path) for path in ("src/shop/b.py", "run.sh")}
    expected = told(shop, cache=False)
    for path in closed:
        os.utime(path, (1, 1))
    opens = open

    def refuse(path: Any, *args: Any, **named: Any) -> Any:
        if str(path) in closed:
            raise PermissionError(13, "Permission denied", path)
        return opens(path, *args, **named)

    with monkeypatch.context() as patch:
        patch.setattr("builtins.open", refuse)
        assert 2 == len([p for p in told(shop)[0]["problems"] if p["code"] == "unreadable"])
    assert expected == told(shop)


def test_a_file_that_changes_while_it_is_read_is_read_again(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts of a newer content are not kept for the older one: taking the change back gives the old answer."""
    first = "from shop import main\n"
    replace("src/shop/b.py", first)(shop)
    expected = told(shop, cache=False)
    read = workers.read_file

    def change_first(root: str, path: str, reader: str) -> Any:
        if path == "src/shop/b.py":
            append(path, "from shop import nothing\n")(shop)
        return read(root, path, reader)

    with monkeypatch.context() as patch:
        patch.setattr(workers, "read_file", change_first)
        told(shop)
    replace("src/shop/b.py", first)(shop)
    assert expected == told(shop)


def cache_files(root: Path) -> list[Path]:
    """All files of the cache."""
    folder = Path(os.environ[ENVIRONMENT])
    return sorted(path for path in folder.rglob("*") if path.is_file())


def flipped(data: bytes) -> bytes:
    """The same bytes with one bit in the middle changed."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


class _Bomb:
    """Leaves a trace where a pickle of it is read."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.trace),)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "truncated": lambda data: data[: len(data) // 2],
    "the last byte missing": lambda data: data[:-1],
    "a bit changed": flipped,
    "zeros": lambda data: bytes(len(data)),
    "another program's": lambda data: b'{"cached": true}\n',
    "of another form, whole": lambda data: checksum(b"\x93\x01\x02\x03") + b"\x93\x01\x02\x03",
    "of no form, whole": lambda data: checksum(b"\xc1") + b"\xc1",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_what_is_damaged_or_foreign_is_not_used(shop: Path, damage: Callable[[bytes], bytes]) -> None:
    """Files of the cache that were cut short, changed or put there by others are as good as none, and replaced."""
    files = cache_files(shop)
    assert len(files) >= 3
    for path in files:
        path.write_bytes(damage(path.read_bytes()))
    check(shop)


def test_what_is_no_file_is_not_used(shop: Path) -> None:
    """A folder in the place of a file of the cache, or of the cache a file, is no error."""
    for path in cache_files(shop):
        path.unlink()
        path.mkdir()
    check(shop)
    shutil.rmtree(os.environ[ENVIRONMENT])
    Path(os.environ[ENVIRONMENT]).write_text("", "utf-8")
    check(shop)


def test_nothing_is_a_pickle(shop: Path, tmp_path: Path) -> None:
    """No file of the cache is read as a pickle: one that is put there, whole, is not run."""
    bomb = pickle.dumps(_Bomb(tmp_path / "trace"))
    for path in cache_files(shop):
        with pytest.raises(Exception):  # noqa: B017  whatever pickle says to what is none
            pickle.loads(path.read_bytes().partition(b"\n")[2])
        path.write_bytes(checksum(bomb) + bomb)
    check(shop)
    assert not (tmp_path / "trace").exists()


def test_a_cache_that_cannot_be_written_is_no_error(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be kept, the answer is the same."""
    monkeypatch.setenv(ENVIRONMENT, "/proc/nowhere" if os.geteuid() == 0 else "/nowhere")
    check(shop)


def test_no_cache_neither_reads_nor_writes(shop: Path) -> None:
    """Without a cache nothing of it is read, made or changed."""
    kept = Cache(shop)
    assert kept.read("rules") is not None
    shutil.rmtree(os.environ[ENVIRONMENT])
    told(shop, cache=False)
    assert not Path(os.environ[ENVIRONMENT]).exists()
    assert Cache(shop, enabled=False).read("rules") is None


def test_what_other_versions_kept_is_removed(shop: Path) -> None:
    """Files of the same name for another version of the tool or of Python go when new ones are written."""
    kept = Cache(shop)
    write_files(kept.folder, {"facts-3.9-old": "", "cycles-3.9-old": ""})
    kept.write("cycles", b"[]")
    assert b"[]" == kept.read("cycles")
    assert (kept.folder / "facts-3.9-old").exists()
    assert not (kept.folder / "cycles-3.9-old").exists()


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({ENVIRONMENT: "{home}/mine", "XDG_CACHE_HOME": "{home}/xdg"}, "mine"),
        ({ENVIRONMENT: "", "XDG_CACHE_HOME": "{home}/xdg"}, "xdg/decompose"),
        ({ENVIRONMENT: "", "XDG_CACHE_HOME": ""}, ".cache/decompose"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other folders")
def test_the_cache_lies_where_it_is_told(tmp_path: Path, given: Mapping[str, str], place: str) -> None:
    """`DECOMPOSE_CACHE_DIR`, then the user's own cache folder; nothing is written anywhere else."""
    write_files(tmp_path / "repository", SHOP)
    home = tmp_path / "home"
    home.mkdir()
    variables = {name: value.format(home=home) for name, value in given.items()}
    environment = {
        **os.environ,
        **variables,
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    subprocess.run(
        [sys.executable, "-m", "decomposer", "analyze"],
        cwd=tmp_path / "repository",
        env=environment,
        check=True,
        capture_output=True,
    )
    written = [path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()]
    assert written and [] == [path for path in written if not path.startswith(f"{place}/")]


def test_runs_at_once_share_one_cache(tmp_path: Path) -> None:
    """Four processes that fill and use one cache folder together all give the right answer, and so does the next."""
    root = tmp_path / "repository"
    write_files(root, {**SHOP, **{f"src/shop/m{i}.py": f"from shop import m{i + 1}\n" for i in range(60)}})
    environment = {**os.environ, ENVIRONMENT: str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "decomposer", "graph"]
    expected = subprocess.run([*command, "--no-cache"], cwd=root, env=environment, capture_output=True, check=True)
    assert not (tmp_path / "cache").exists()
    for _ in range(2):
        runs = [subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE) for _ in range(4)]
        assert [expected.stdout] * 4 == [run.communicate(timeout=60)[0] for run in runs]
        append("src/shop/b.py", "")(root)


IGNORING = {
    "": """*.md
!keep.md
/build
logs/
!logs/keep.txt
docs/**/draft
foo/*
!foo/bar
# comment
\\#odd

  
trail \\ 
a?c
[xy].py
!
/
***.tmp
deep/a/*.py
!deep/a/b/
\\!bang
**/any/where
every/**
win\r
""",
    "sub": "!*.md\n/only\nlocal.*\n!build\n",
    "sub/inner": "*\n!*/\n!.gitignore\n!yes.py\n",
    "foo/bar": "x.txt\n",
}
PATHS = [
    "a.md", "keep.md", "sub/a.md", "sub/x/a.md", "sub/inner/a.md", "sub/inner/yes.py", "sub/inner/z/yes.py",
    "sub/inner/z/no.py", "build", "build/x.py", "sub/build", "sub/build/x", "logs/a", "logs/keep.txt", "x/logs/a",
    "docs/draft", "docs/a/draft", "docs/a/b/draft/x", "docs/drafts", "foo/x", "foo/bar/y.txt", "foo/bar/x.txt",
    "foo/x/bar", "#odd", "# comment", "trail  ", "trail", "abc", "a/c", "sub/abc", "x.py", "z.py", "sub/y.py",
    "deep/a/x.py", "deep/a/b/x.py", "only", "sub/only", "sub/x/only", "sub/local.py", "local.py", "!bang", "win",
    "any/where", "x/any/where/y", "every", "every/x", "every/x/y", "sub/inner/q/r/s/yes.py",
    "sub/inner/q/r/s/no", "a.tmp", "docs/draft/x",
]  # fmt: skip


def test_gitignore_files_mean_what_git_says(tmp_path: Path) -> None:
    """Negated, anchored, folder and nested patterns ignore exactly what git ignores."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    for folder, text in IGNORING.items():
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / ".gitignore").write_bytes(text.encode())
    answer = subprocess.run(
        ["git", "-c", "core.excludesFile=", "check-ignore", "--no-index", "--stdin", "-z"],
        cwd=tmp_path, input="\0".join(PATHS), capture_output=True, text=True,
    )  # fmt: skip
    ignore = Ignore(IGNORING)
    assert [path for path in answer.stdout.split("\0") if path] == [path for path in PATHS if ignore.matches(path)]


def test_what_is_ignored_counts_inside_the_package(shop: Path) -> None:
    """A file that `.gitignore` names is left out around the package; inside it counts, since it is imported."""
    append("src/.gitignore", "shop/\n")(shop)
    document, edges = told(shop)
    paths = {node["path"] for node in edges["nodes"]}
    assert 4 == document["monolith"]["modules"]
    assert {"tool.py", "src/shop/a.py"} <= paths
    assert not paths & {"generated/g.py", "notes.log.md"}
