"""Units are what systemd understands, and little is exposed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.artefacts.units import WORST, exposure, verify
from tests.scaffold.systems import MONOLITH, rendered, service, system

UNITS = {
    "none": "",
    "plain": "[Service]\nUser=shop\nExecStart=/srv/shop/venv/bin/uvicorn app.main:app --port 8000\n",
    "root": "[Unit]\nAfter=network.target db.service\nWants=db.service\n[Service]\nUser=root\nRestart=on-failure\n"
            "EnvironmentFile=/run/shop/.env\nExecStartPre=/srv/shop/bin/load\n"
            "ExecStart=/srv/shop/venv/bin/python /srv/shop/bin/start\nTimeoutStopSec=30\n",
    "narrow": "[Service]\nUser=shop\nStateDirectory=shop\nReadWritePaths=-/srv/shop/data\n"
              "ExecStart=/srv/shop/venv/bin/python -m uvicorn app.main:app\n",
}  # fmt: skip
MUTANTS = {
    "key": ("NoNewPrivileges=yes", "NoNewPrivilege=yes"),
    "value": ("ProtectSystem=full", "ProtectSystem=fully"),
    "program": ("/srv/shop/venv/bin/uvicorn", "venv/bin/uvicorn"),
    "call": ("SystemCallFilter=@system-service", "SystemCallFilter=@system-servic"),
}


def unit(style: str) -> str:
    """The unit of a service that computes, beside a monolith deployed in one of these styles."""
    monolith = replace(MONOLITH, unit="ops/shop-api.service") if UNITS[style] else MONOLITH
    files = {"ops/shop-api.service": UNITS[style], "bin/load": "#!/bin/sh\n", "bin/start": ""}
    one = service("orders", 8101, dependencies=("torch",), description="50 % of \"orders\", and 'more'")
    texts, _ = rendered("systemd", system([one], (), files if UNITS[style] else {}, monolith))
    return next(iter(texts.values()))


@pytest.mark.parametrize("style", UNITS)
def test_systemd_has_nothing_to_say(style: str, tmp_path: Path) -> None:
    """Whatever the monolith's own unit is like; nor is it more exposed than it may be."""
    assert "" == verify(tmp_path / "shop-orders.service", unit(style), "/srv/shop")
    assert exposure(tmp_path / "shop-orders.service", unit(style)) <= WORST


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_is_found(mutant: str, tmp_path: Path) -> None:
    """What systemd would not understand is said."""
    text = unit("plain")
    before, after = MUTANTS[mutant]
    assert before in text
    try:
        answer = verify(tmp_path / "shop-orders.service", text.replace(before, after), "/srv/shop")
    except AssertionError as error:
        answer = str(error)
    assert "shop-orders.service" in answer


def test_an_unprotected_unit_is_found(tmp_path: Path) -> None:
    """Without what hardens it it is too exposed."""
    head = unit("plain").partition("# What the process may do")[0]
    assert exposure(tmp_path / "shop-orders.service", head) > WORST
