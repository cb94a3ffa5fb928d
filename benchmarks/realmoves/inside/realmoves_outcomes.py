"""A plugin of pytest that writes each test's outcome, and why it failed, to the file REALMOVES_OUTCOMES as JSON."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

OUTCOMES: dict[str, str] = {}


def pytest_collectreport(report: Any) -> None:
    """A file that cannot be collected counts as a test that fails."""
    if report.failed:
        lines = str(report.longrepr).strip().splitlines()
        OUTCOMES[report.nodeid] = f"error: {lines[-1] if lines else ''}"


def pytest_collection_modifyitems(items: Any) -> None:
    """Every test that was collected is there, though it may never run."""
    for item in items:
        OUTCOMES.setdefault(item.nodeid, "collected")


def pytest_runtest_logreport(report: Any) -> None:
    """The worst of setup, call and teardown."""
    if report.when == "call" or report.outcome != "passed":
        crash = getattr(report.longrepr, "reprcrash", None)
        why = f": {str(crash.message).splitlines()[0]}" if crash is not None and crash.message else ""
        OUTCOMES[report.nodeid] = report.outcome + why


def pytest_sessionfinish() -> None:
    """Writes everything."""
    Path(os.environ["REALMOVES_OUTCOMES"]).write_text(json.dumps(OUTCOMES))
