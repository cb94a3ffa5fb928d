"""From the baseline to the cut-over as a user goes: `verify`, `extract`, `status`, `cutover`, `rollback`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import SHOP, environment, invoke, spawn
from tests.conftest import write_files
from tests.shell.apply.trees import snapshot

FILES = {
    **SHOP,
    "shop/users.py": "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get('/users')\n"
    "def users(): ...\n",
    "shop/main.py": "from fastapi import FastAPI\nfrom shop import users\nfrom shop.orders.routes import router\n\n"
    "app = FastAPI()\napp.include_router(router, prefix='/v1')\napp.include_router(users.router)\n",
}  # fmt: skip


def state(root: Path) -> dict[str, Any]:
    """What `status` says of the orders."""
    code, told, errors = invoke("status", "--format", "json", repo=root)
    assert (0, "") == (code, errors)
    found: dict[str, Any] = json.loads(told)
    return found["contexts"][1] | {"first": found["next"].partition(" --repo")[0]}


@pytest.mark.proof
def test_the_whole_way(tmp_path: Path) -> None:
    """Each state is told with the next command; what is not verified is refused; what was cut over is verified."""
    root = tmp_path / "repository"
    write_files(root, FILES | {"decompose.toml": FILES["decompose.toml"] + "[deploy]\nport = 8000\n"})
    python = ("--python", sys.executable)
    assert ("planned", "decompose verify --baseline") == (state(root)["state"], state(root)["first"])
    assert 0 == spawn("verify", "--baseline", *python, cwd=root).returncode
    assert "decompose extract core" == state(root)["first"]
    assert 0 == invoke("extract", "orders", repo=root)[0]
    assert ("extracted", "none", "decompose verify orders") == tuple(
        state(root)[key] for key in ("state", "certificate", "first")
    )
    code, told, errors = invoke("cutover", "orders", repo=root)
    assert (1, "") == (code, told)
    told = r"apps/orders: error: `orders` has no certificate .* \[not-verified] \(decompose verify orders\)\n"
    assert re.match(told, errors)
    assert errors.endswith("nothing was written: 1 problem to mend first\n")
    verified = spawn("verify", *python, cwd=root)
    assert 0 == verified.returncode, verified.stdout
    assert ("verified", "holds") == (state(root)["state"], state(root)["certificate"])
    assert "decompose route orders --to service" == state(root)["next"]
    assert "only 0 % of its clients go to its service" in invoke("cutover", "orders", "--dry-run", repo=root)[2]
    assert 0 == invoke("route", "orders", "--to", "20", repo=root)[0]
    assert ("routed", 20) == (state(root)["state"], state(root)["routed"])
    assert re.search("^ +99  orders   routed 20 %", invoke("status", repo=root)[1], re.MULTILINE)
    assert 0 == invoke("route", "orders", "--to", "service", repo=root)[0]
    assert ("routed", "decompose cutover orders") == (state(root)["state"], state(root)["next"])
    before = snapshot(root)
    code, patch, notes = invoke("cutover", "orders", "--dry-run", repo=root)
    assert 0 == code and before == snapshot(root)
    assert "-from shop.orders.routes import router\n" in patch and "+++ b/shop/main.py\n" in patch
    assert "orders: 1 route and 2 modules" in notes
    code, told, errors = invoke("cutover", "orders", repo=root)
    assert (0, "") == (code, errors) and "take it back with: decompose rollback" in told
    assert ("cut over", "stale", 1, "decompose verify orders") == tuple(
        state(root)[key] for key in ("state", "certificate", "operations", "first")
    )
    verified = spawn("verify", *python, cwd=root)
    assert 0 == verified.returncode, verified.stdout
    assert "what was cut over is served by its service, and by the monolith no more" in verified.stdout
    assert ("cut over", "holds") == (state(root)["state"], state(root)["certificate"])
    assert "nothing of `orders` is in the monolith [already-cut-over]" in invoke("cutover", "orders", repo=root)[2]
    assert "took back " in invoke("rollback", "orders", repo=root)[1]
    assert before == snapshot(root)


def test_what_cannot_be_cut_over_is_told(tmp_path: Path) -> None:
    """A context that no rule defines, one that has no service, and none at all: exit code 2."""
    root = tmp_path / "repository"
    write_files(root, FILES)
    code, told, errors = invoke("cutover", "order", repo=root)
    assert (2, "") == (code, told)
    assert ("order: error: no rule file defines the context `order` [no-context] (did you mean `orders`? known "
            "contexts: orders)\n") == errors
    assert "the core is not cut over: the monolith needs it" in invoke("cutover", "core", repo=root)[2]
    code, told, errors = invoke("cutover", "orders", "--dry-run", repo=root)
    assert (2, "orders: error: has no service yet [not-extracted] (decompose extract orders)\n") == (code, errors)
    assert 2 == invoke("cutover")[0]


def test_status_as_text_and_markdown(tmp_path: Path) -> None:
    """A table with what is next below it; LibCST, which takes long to load, is not."""
    root = tmp_path / "repository"
    write_files(root, FILES)
    told = invoke("status", repo=root)[1]
    assert re.search(r"^ +99  orders   planned +- +- +2 / \d+ +- +1  decompose extract orders", told, re.MULTILINE)
    assert told.endswith(f"next: decompose verify --baseline --repo {root}\n")
    assert "| orders | planned |" in invoke("status", "--format", "markdown", repo=root)[1]
    loaded = """
import sys
from decomposer.cli.words import run

sys.argv = ["decompose", "status"]
try:
    run()
except SystemExit:
    print([name for name in ("libcst", "networkx", "rope", "jinja2") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", loaded], cwd=root, env=environment(), capture_output=True, text=True)
    assert "[]" == done.stdout.splitlines()[-1], done.stderr
