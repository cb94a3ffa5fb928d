"""Dead code as a user meets it: the list, the patch, the change that must be shown first, the certificate after it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.cli.test_commands import SHOP, invoke, spawn
from tests.conftest import write_files
from tests.shell.apply.trees import snapshot

FILES = {
    **SHOP,
    "shop/orders/old.py": "from shop.orders.older import price\n\n\ndef total() -> int:\n    return price()\n",
    "shop/orders/older.py": "def price() -> int:\n    return 1\n",
    "shop/orders/fakes.py": "def fake() -> int:\n    return 1\n",
    "shop/orders/lists.py": "COLOURS = ['red']\n",
    "tests/test_fakes.py": "from shop.orders.fakes import fake\n\n\ndef test_fake():\n    assert 1 == fake()\n",
    "tests/test_shop.py": "def test_shop():\n    assert True\n",
    "deploy/colours.yaml": "from: shop.orders.lists\n",
}
NOTHING = ("prune", "--degree", "nothing")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A shop with something dead of most kinds."""
    write_files(tmp_path / "repository", FILES)
    return tmp_path / "repository"


def listed(root: Path) -> dict[str, tuple[str, bool]]:
    """Degrees, and whether something is called dead, by subject."""
    code, told, errors = invoke("prune", "--format", "json", repo=root)
    assert (0, "") == (code, errors)
    return {one["subject"]: (one["degree"], one["dead"]) for one in json.loads(told)["findings"]}


def test_findings_are_listed(root: Path) -> None:
    """As text and as JSON, and nothing is written."""
    before = snapshot(root)
    assert {
        "shop.orders.old": ("nothing", True), "shop.orders.fakes": ("tests", True),
        "shop.orders.older": ("dead-code", True), "shop.orders.lists": ("named", False),
    } == listed(root)  # fmt: skip
    told = invoke("prune", repo=root)[1]
    assert "Dead: nothing refers to it (nothing)" in told
    assert "Kept, but not seen to be used: named in a string or config" in told
    assert before == snapshot(root)


def test_only_what_was_shown_is_deleted(root: Path) -> None:
    """Not without a dry run, nor after another one, nor when a file was edited since; a rollback takes it back."""
    before = snapshot(root)
    code, told, errors = invoke(*NOTHING, repo=root)
    assert (1, "") == (code, told)
    assert f"[not-shown] (decompose prune --degree nothing --repo {root} --dry-run)" in errors
    assert 0 == invoke("prune", "--degree", "dead-code", "--dry-run", repo=root)[0]
    assert 1 == invoke(*NOTHING, repo=root)[0]
    code, patch, _ = invoke(*NOTHING, "--dry-run", repo=root)
    assert (0, True) == (code, "deleted file mode 100644" in patch)
    old = root / "shop/orders/old.py"
    source = old.read_bytes()
    old.write_bytes(source + b"\n")
    assert 1 == invoke(*NOTHING, repo=root)[0]
    old.write_bytes(source)
    assert 0 == invoke(*NOTHING, repo=root)[0]
    assert not old.exists()
    assert 0 == invoke("rollback", repo=root)[0]
    assert before == snapshot(root)


def test_without_a_baseline_nothing_can_be_compared(root: Path) -> None:
    """That is told before something is deleted; with one, verifying is what is next."""
    code, _, errors = invoke(*NOTHING, "--dry-run", repo=root)
    assert (0, True) == (code, "[no-baseline] (record it before: decompose verify --baseline)" in errors)
    assert "next: decompose verify" not in errors
    (root / ".decompose/baseline.json").write_text("{}")
    code, _, errors = invoke(*NOTHING, "--dry-run", repo=root)
    assert (0, False) == (code, "no-baseline" in errors)
    assert errors.endswith("next: decompose verify\n")


def test_a_change_that_nobody_was_shown_is_refused_at_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is analysed: when other words were shown, or when what was to be changed was edited since."""

    def analysed(*_: object) -> None:
        raise AssertionError("it was analysed")

    every = ("prune", "--degree", "dead-code")
    assert 0 == invoke(*every, "--dry-run", repo=root)[0]
    with monkeypatch.context() as patched:
        patched.setattr("decomposer.app.pruning.prune", analysed)
        for words in (NOTHING, (*every, "--tests"), ("prune", "shop/orders/old.py")):
            code, _, errors = invoke(*words, repo=root)
            assert (1, True) == (code, "[not-shown]" in errors)
        (root / "shop/orders/old.py").write_text("")
        assert 1 == invoke(*every, repo=root)[0]
    (root / "shop/orders/old.py").write_text(FILES["shop/orders/old.py"])
    assert 0 == invoke(*every, repo=root)[0]
    code, told, _ = invoke(*every, repo=root)
    assert (0, "nothing to do\n") == (code, told)


def test_what_is_not_dead_is_refused(root: Path) -> None:
    """What is reached, what there is not, and what dead code that stays uses."""
    assert (2, True) == told(root, "shop.orders.routes", "is reached")
    assert (2, True) == told(root, "shop.orders.odl", "did you mean shop.orders.old?")
    assert 0 == invoke("prune", "shop/orders/old.py", "--dry-run", repo=root)[0]
    assert (1, True) == told(root, "shop.orders.fakes", "tests/test_fakes.py would miss it")


def test_without_an_application_nothing_is_dead(root: Path) -> None:
    """There is nothing to look from: that is told, and nothing else."""
    (root / "shop/main.py").write_text("")
    configuration = root / "decompose.toml"
    configuration.write_text(configuration.read_text().replace('entry = ["shop.main:app"]', ""))
    code, told, errors = invoke("prune", repo=root)
    assert (2, "") == (code, told)
    assert "no application is known to look from [no-entry]" in errors


def told(root: Path, subject: str, words: str) -> tuple[int, bool]:
    """The exit code of a dry run for a subject, and whether some words are among what is told."""
    code, _, errors = invoke("prune", subject, "--dry-run", repo=root)
    return code, words in errors


@pytest.mark.proof
def test_the_certificate_knows_what_went(root: Path) -> None:
    """Modules that were pruned are not missed, nor the tests that went along; one lost otherwise is."""
    assert 0 == spawn("verify", "--baseline", "--python", sys.executable, "--tests", "tests", cwd=root).returncode
    words = ("prune", "--degree", "dead-code", "--tests")
    assert 0 == invoke(*words, "--dry-run", repo=root)[0]
    assert 0 == invoke(*words, repo=root)[0]
    assert not (root / "tests/test_fakes.py").exists()
    verified = spawn("verify", "--format", "json", cwd=root)
    assert 0 == verified.returncode, verified.stdout
    checks = {check["name"]: check for one in json.loads(verified.stdout)["certificates"] for check in one["checks"]}
    assert ["deleted on purpose: 3 modules, shop.orders.fakes, shop.orders.old, shop.orders.older",
            "deleted with them: 1 test, in tests/test_fakes.py"] == checks["pruned"]["evidence"]  # fmt: skip
    (root / "shop/orders/lists.py").unlink()
    lost = spawn("verify", "--format", "json", cwd=root)
    assert (1, True) == (lost.returncode, "(importing shop.orders.lists)" in lost.stdout)
