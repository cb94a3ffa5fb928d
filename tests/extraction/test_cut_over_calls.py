"""When an owner is cut over, those that call it are pointed to its service."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from decomposer import app
from decomposer.shell import certificates
from decomposer.shell.apply import apply_changes
from tests.shell.apply.trees import snapshot

CASE = Path(__file__).parent.parent / "cases" / "extract" / "clients"
CLIENTS = "apps/orders/src/app/_clients/services"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The case with all its contexts extracted and everything rendered; every certificate holds."""
    monkeypatch.setattr(certificates, "is_current", lambda *_: True)
    root = tmp_path / "shop"
    shutil.copytree(CASE / "before", root)
    (root / "decompose.toml").write_text('source = "backend/src"\npackage = "app"\nentry = "app.main:app"\n')
    apply_changes(root, app.extract(told(root), ("core", "orders", "billing")).change_set, "extract")
    return root


def told(root: Path) -> app.Options:
    """Where the case is worked on."""
    return app.Options(repo=root, rules=CASE / "rules", cache=False)


def test_clients_and_what_runs_them_ask_the_service(root: Path) -> None:
    """The addresses in clients, units, the compose file and the page; nothing else of the client changes."""
    planned = app.cutover(told(root), ("orders", "billing"))
    change = {one.path: one for one in planned.change_set.changes}
    assert "orders calls billing at http://127.0.0.1:8102, where the monolith was asked" in planned.summary
    for name in ("bills", "ledger"):
        before, after = change[f"{CLIENTS}/{name}.py"].before, change[f"{CLIENTS}/{name}.py"].after
        assert (before or b"").replace(b"http://127.0.0.1:8000", b"http://127.0.0.1:8102") == after
    for path, now in (("systemd/backend-orders.service", b"Environment=BILLING_URL=http://127.0.0.1:8102\n"),
                      ("compose.yaml", b"BILLING_URL: http://billing:8102\n"),
                      ("docs/services/orders.md", b"| http://127.0.0.1:8102 | `BILLING_URL` |")):  # fmt: skip
        assert now in (change[path].after or b""), path
        assert b"127.0.0.1:8000 | `BILLING" not in (change[path].after or b"")


def test_it_is_taken_back_with_the_cut_over(root: Path) -> None:
    """Every byte is as before, and a second cut-over changes nothing."""
    planned = app.cutover(told(root), ("orders", "billing"))
    before = snapshot(root)
    app.apply(told(root), planned.change_set, "cutover", False, ("orders", "billing"))
    assert () == app.cutover(told(root), ("orders", "billing")).change_set.changes
    assert () == app.scaffold(told(root), "all", None).change_set.changes
    app.rollback(told(root), "billing")
    assert before == snapshot(root)


def test_a_client_that_somebody_keeps_stays(root: Path) -> None:
    """Without its mark a client is not edited; its variable leads it to the service."""
    path = root / CLIENTS / "bills.py"
    path.write_text(path.read_text().partition("\n")[2])
    change = {one.path: one.after for one in app.cutover(told(root), ("orders", "billing")).change_set.changes}
    assert f"{CLIENTS}/bills.py" not in change and f"{CLIENTS}/ledger.py" in change
    assert b"BILLING_URL=http://127.0.0.1:8102\n" in (change["systemd/backend-orders.service"] or b"")
