"""Configurations of Prometheus are what promtool accepts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.artefacts.tools import said, tool
from tests.scaffold.systems import rendered
from tests.scaffold.test_prometheus import FILE, PATH, made

MUTANTS = {
    "indentation": ("  - job_name: \"orders\"", "   - job_name: \"orders\""),
    "key": ("\"money\"\n    static_configs", "\"money\"\n    static_config"),
    "name": ("job_name: \"money\"", "job_name: \"orders\""),
    "target": ("10.0.0.5:8101", "http://10.0.0.5:8101/metrics"),
    "interval": ("scrape_interval: 15s\n    basic_auth: *", "scrape_interval: often\n    basic_auth: *"),
}


def check(folder: Path, text: str, *, code: int | None = 0) -> str:
    """What promtool says."""
    (folder / "prometheus.yml").write_text(text.replace("rule_files: [a.yml]", "rule_files: []"))
    return said(tool("promtool"), "check", "config", "prometheus.yml", cwd=folder, code=code)


def test_promtool_accepts_it(tmp_path: Path) -> None:
    """As it accepts what was there."""
    assert "SUCCESS" in check(tmp_path, FILE)
    assert "SUCCESS" in check(tmp_path, rendered("prometheus", made())[0][PATH])


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_is_found(mutant: str, tmp_path: Path) -> None:
    """It is refused."""
    before, after = MUTANTS[mutant]
    text = rendered("prometheus", made())[0][PATH]
    assert before in text
    assert "FAILED" in check(tmp_path, text.replace(before, after), code=None)
