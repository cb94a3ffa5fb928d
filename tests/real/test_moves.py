"""Moving single modules of real applications, where DECOMPOSE_REAL names folders: nothing breaks.

DECOMPOSE_REAL_PYTHON names an interpreter with the application's libraries; without it nothing of theirs is run.
DECOMPOSE_REAL_ARGUMENTS says more, such as `--path` and `--env`, separated by spaces.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from benchmarks.realmoves.__main__ import main
from benchmarks.realmoves.checking import Checker
from benchmarks.realmoves.choosing import choose_moves
from tests.conftest import real_repositories

COUNT = 6
SMALL = {
    "src/shop/__init__.py": "",
    "src/shop/main.py": "from fastapi import FastAPI\n\nfrom .routers import carts\n\napp = FastAPI()\n"
    "app.include_router(carts.router)\n",
    "src/shop/routers/__init__.py": "from .carts import router\n",
    "src/shop/routers/carts.py": "from fastapi import APIRouter\n\nfrom ..services.pricing import price\n\n"
    'router = APIRouter()\n\n\n@router.get("/cart")\ndef cart() -> int:\n    return price()\n',
    "src/shop/services/__init__.py": "",
    "src/shop/services/pricing.py": "def price() -> int:\n    return 2\n",
    "tests/test_cart.py": "from unittest.mock import patch\n\nfrom shop.routers.carts import cart\n\n\n"
    'def test_cart():\n    with patch("shop.routers.carts.price", lambda: 3):\n        assert cart() == 3\n',
}


def arguments(folder: Path) -> list[str]:
    python = os.environ.get("DECOMPOSE_REAL_PYTHON", "")
    more = os.environ.get("DECOMPOSE_REAL_ARGUMENTS", "").split()
    return [str(folder), *(["--python", python] if python else ["--no-boot"]), *more]


@pytest.mark.skipif(not real_repositories(), reason="DECOMPOSE_REAL names no folder")
@pytest.mark.parametrize("folder", real_repositories(), ids=lambda folder: folder.name)
@pytest.mark.parametrize("alias", [[], ["--no-alias"]], ids=["alias", "no-alias"])
def test_moving_modules_breaks_nothing(folder: Path, alias: list[str], capsys: pytest.CaptureFixture[str]):
    code = main([*arguments(folder), "--count", str(COUNT), *alias])
    assert 0 == code, capsys.readouterr().out


@pytest.mark.proof
def test_a_small_application_is_looked_at_from_all_sides(
    repository: Callable[[Mapping[str, str]], Path], capsys: pytest.CaptureFixture[str]
):
    more = ["--python", sys.executable, "--path", "src", "--tests", "tests", "--count", "1"]
    assert 0 == main([str(repository(SMALL)), *more])
    told = capsys.readouterr()
    assert "1 paths, 1 operations; 6 of 6 modules import; tests: {'passed': 1}" in told.err
    assert "1 moves: 0 broke something, 0 were refused" in told.out


@pytest.mark.proof
def test_a_file_that_is_only_renamed_is_seen_to_break_everything(
    repository: Callable[[Mapping[str, str]], Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    run = Checker.run

    def rename(checker: Checker, *words: str) -> subprocess.CompletedProcess[str]:
        if words[0] == "move":
            (checker.tree / "src/shop/services/pricing.py").rename(checker.tree / "src/shop/routers/pricing.py")
            return subprocess.CompletedProcess(words, 0, "", "")
        return run(checker, *words)

    monkeypatch.setattr(Checker, "run", rename)
    more = ["--python", sys.executable, "--path", "src", "--tests", "tests"]
    assert 1 == main([str(repository(SMALL)), *more, "--move", "shop.services.pricing", "shop.routers.pricing"])
    told = capsys.readouterr().out
    for line in (
        "src/shop/routers/carts.py: load of price",
        "it does not boot: ModuleNotFoundError: No module named 'shop.services.pricing'",
        "tests/test_cart.py::test_cart: gone (before: passed)",
        "src/shop/services/pricing.py is not as it was",
    ):
        assert line in told


def test_the_moves_are_chosen_alike_each_time_and_of_all_layers():
    nodes = [
        {"name": f"app.{layer}.m{number}", "path": f"app/{layer}/m{number}.py", "role": "module", "error": ""}
        for layer in ("services", "routers", "utils")
        for number in range(5)
    ]
    edges = [
        {"source": "app.main", "target": "app.services.m3", "kind": "load"},
        {"source": "app.main", "target": "app.services.m3", "kind": "string"},
    ]
    moves = list(choose_moves({"nodes": nodes, "edges": edges}, "app"))
    assert moves == list(choose_moves({"nodes": nodes[::-1], "edges": edges[::-1]}, "app"))
    assert ["app.routers.m0", "app.services.m3", "app.utils.m0"] == [old for old, _ in moves[:3]]
    assert len(nodes) == len({old for old, _ in moves})
    assert [] == [new for old, new in moves if new in {node["name"] for node in nodes} or new == old]
