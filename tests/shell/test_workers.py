"""Lots of files read by workers: whatever the order and the lots, each file's facts are those of reading it alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from decomposer.facts.python import read_python
from decomposer.model.facts import PythonFacts
from decomposer.shell import workers
from decomposer.shell.workers import FEW, Files, read_file
from tests.conftest import write_files

NEWER = "type Pair = tuple[int, int]\nimport shop.a\n"
BROKEN = "def f(:\n"


def write_modules(root: Path, count: int) -> dict[str, int]:
    """Modules of several sizes, some broken and some newer than the oldest Python that is supported."""
    texts: dict[str, str | bytes] = {f"m{i}.py": f"import shop.m{i}\n" + "x = 1\n" * i for i in range(count)}
    texts |= {f"newer{i}.py": NEWER + "x = 1\n" * i * 40 for i in range(3)}
    texts |= {f"broken{i}.py": BROKEN + "x = 1\n" * i * 40 for i in range(3)}
    write_files(root, texts)
    return {path: len(text) for path, text in texts.items()}


@pytest.mark.parametrize("reader", ["ast", "libcst"])
def test_files_may_be_begun_in_several_lots(tmp_path: Path, reader: str) -> None:
    """Large and small lots together have every file once, and progress reaches all of them."""
    sizes = write_modules(tmp_path, 70)
    names = sorted(sizes)
    told: list[tuple[int, int]] = []
    with Files(str(tmp_path), reader, lambda done, of: told.append((done, of)), 2) as files:
        for lot in (names[: FEW + 10], names[FEW + 10 : FEW + 12], [], names[FEW + 12 :]):
            files.begin({name: sizes[name] for name in lot})
        found = files.facts()
    assert set(names) == set(found)
    assert (len(names), len(names)) == told[-1]
    for name, facts in found.items():
        if name.startswith("m"):
            assert read_python((tmp_path / name).read_bytes(), reader) == facts
        else:
            assert bool(facts.error) == name.startswith("broken")
            assert [fact.line for fact in facts.imports] == ([] if facts.error else [2])


def test_a_few_files_are_read_without_workers(tmp_path: Path) -> None:
    """What is to be done meanwhile is done only where workers read: else nothing else goes on."""
    sizes = write_modules(tmp_path, FEW + 1)
    plain = {name: size for name, size in sizes.items() if name.startswith("m")}
    done: list[str] = []
    for few, expected in ((dict(list(plain.items())[:FEW]), []), (plain, ["once"])):
        with Files(str(tmp_path), "ast") as files:
            files.begin(few)
            assert set(few) == set(files.facts(lambda: done.append("once")))
        assert expected == done


def test_workers_end_when_the_reading_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error between the beginning and the end leaves no process behind."""
    sizes = write_modules(tmp_path, FEW + 10)
    monkeypatch.setattr(workers, "read_file", _slow)
    with pytest.raises(KeyboardInterrupt), Files(str(tmp_path), "ast", workers=2) as files:
        files.begin(sizes)
        assert files._pool is not None
        processes = [worker.process for worker in files._pool.running]
        raise KeyboardInterrupt
    assert 2 == len(processes) and not any(process.is_alive() for process in processes)


def _slow(root: str, path: str, reader: str) -> PythonFacts:
    import time

    time.sleep(60)
    return read_file(root, path, reader)
