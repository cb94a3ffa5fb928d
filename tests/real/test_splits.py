"""Splitting every long module, of the replica and of real applications that DECOMPOSE_REAL names: nothing breaks.

DECOMPOSE_REAL_PYTHON and DECOMPOSE_REAL_ARGUMENTS are as for moves.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from benchmarks.realmoves.checking import Checker
from benchmarks.realsplits.__main__ import main
from tests.conftest import real_repositories

LONG = "".join(f"    def method_{number}(self):\n        return {number}\n\n" for number in range(100))
SMALL = {
    "src/shop/__init__.py": "",
    "src/shop/main.py": "from fastapi import FastAPI\n\nfrom .services.pricing import Prices, Rate, router\n\n"
    "app = FastAPI()\napp.include_router(router)\nRATES = Prices, Rate\n",
    "src/shop/services/__init__.py": "",
    "src/shop/services/pricing.py": "from enum import Enum\n\nfrom fastapi import APIRouter\n\n"
    "router = APIRouter()\n\n\n"
    f"class Rate(Enum):\n    FULL = 1\n\n\nclass Prices:\n    rate = Rate.FULL\n\n{LONG}\n"
    f"class Offers:\n{LONG}\n"
    '@router.get("/price")\ndef price() -> int:\n    return Prices().method_2()\n',
    "tests/test_price.py": "from unittest.mock import patch\n\nfrom shop.services.pricing import Prices, price\n\n\n"
    'def test_price():\n    assert price() == 2\n    with patch("shop.services.pricing.Prices") as prices:\n'
    "        prices().method_2.return_value = 3\n        assert price() == 3\n",
}


@pytest.mark.skipif(not real_repositories(), reason="DECOMPOSE_REAL names no folder")
@pytest.mark.parametrize("folder", real_repositories(), ids=lambda folder: folder.name)
def test_splitting_real_services_breaks_nothing(folder: Path, capsys: pytest.CaptureFixture[str]):
    python = os.environ.get("DECOMPOSE_REAL_PYTHON", "")
    more = os.environ.get("DECOMPOSE_REAL_ARGUMENTS", "").split()
    assert 0 == main([str(folder), *(["--python", python] if python else []), *more]), capsys.readouterr().out


@pytest.mark.proof
def test_four_of_five_long_services_of_the_replica_fall_apart(replica: Path, capsys: pytest.CaptureFixture[str]):
    """Each with no new broken import; what is written is what the plan says; all can be undone.

    Of every third one: `python -m benchmarks.realsplits` tries all.
    """
    assert 0 == main([str(replica), "--every", "3"]), capsys.readouterr().out


@pytest.mark.proof
def test_a_small_application_is_looked_at_from_all_sides(
    repository: Callable[[Mapping[str, str]], Path], capsys: pytest.CaptureFixture[str]
):
    more = ["--python", sys.executable, "--path", "src", "--tests", "tests"]
    assert 0 == main([str(repository(SMALL)), *more])
    told = capsys.readouterr()
    assert "1 paths, 1 operations; 4 of 4 modules import; tests: {'passed': 1}" in told.err
    assert "1 modules over the limit: 1 split (100%), 1 of them into parts that all fit; 0 things broke" in told.out


@pytest.mark.proof
def test_a_part_that_is_forgotten_is_seen_to_break_everything(
    repository: Callable[[Mapping[str, str]], Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    run = Checker.run

    def forget(checker: Checker, *words: str) -> subprocess.CompletedProcess[str]:
        done = run(checker, *words)
        if words[0] == "split" and "--plan" not in words and "nothing to do" not in done.stdout:
            for path in (checker.tree / "src/shop/services").glob("pricing_*.py"):
                path.write_text('"""Nothing."""\n' * path.read_text().count("\n"))
        return done

    monkeypatch.setattr(Checker, "run", forget)
    assert 1 == main([str(repository(SMALL)), "--python", sys.executable, "--path", "src", "--tests", "tests"])
    told = capsys.readouterr().out
    for line in ("does not resolve", "it does not boot: ImportError", "tests/test_price.py", "not taken back"):
        assert line in told
