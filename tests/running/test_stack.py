"""In which order a stack begins."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from decomposer.running.parts import MONOLITH, Part
from decomposer.running.stack import Way, started
from decomposer.shell.probing import Target
from decomposer.shell.serving import Server, Servers


@pytest.mark.parametrize(("names", "order"), [
    ((MONOLITH, "orders", "users"), [f"start {MONOLITH}", f"wait {MONOLITH}", "start orders", "start users",
                                     f"wait {MONOLITH} orders users"]),
    (("orders", "users"), ["start orders", "wait orders", "start users", "wait orders users", "wait orders users"]),
])  # fmt: skip
def test_tables_are_made_by_one_after_another(
    names: tuple[str, ...], order: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the monolith for all, which then begin together; without it by each service before the next one begins."""
    events: list[str] = []

    def wait_for(_: Servers, servers: Iterable[Server], seconds: float) -> None:
        events.append(" ".join(["wait", *(server.name for server in servers)]))

    monkeypatch.setattr(Servers, "start", lambda _, server, socket=None: events.append(f"start {server.name}"))
    monkeypatch.setattr(Servers, "wait_for", wait_for)
    parts = [Part(name, Target((), "app.main:app", ("app",), {}), 0, "/health/live") for name in names]
    with started(tmp_path, Way(tmp_path, sys.executable, {}, None, 1), parts, None):
        assert order == events
