"""Compose files are what the real compose reads, as it reads them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.artefacts.tools import said, tool
from tests.scaffold.systems import rendered, system
from tests.scaffold.test_compose import FILE, ONE, TWO, made

MUTANTS = {
    "indentation": ("  orders:\n", "   orders:\n"),
    "key": ("    healthcheck:\n", "    healthchek:\n"),
    "alias": ("environment: *shop-api-environment", "environment: *shop-environment"),
    "dependency": ("- orders\n", "- order\n"),
    "interval": ("interval: 10s", "interval: often"),
}


def config(folder: Path, text: str, *, code: int | None = 0) -> str:
    """What `docker compose config` makes of a file."""
    (folder / "compose.yml").write_text(text)
    (folder / "shop.env").touch()
    (folder / ".env").write_text("SHOP_URL=somewhere\n")
    return said(tool("docker-compose"), "-f", "compose.yml", "config", "--format", "json", cwd=folder, code=code)


def test_compose_reads_an_edited_file(tmp_path: Path) -> None:
    """Every service with the monolith's variables and what it waits for."""
    text = rendered("compose", made())[0]["compose.yml"]
    services = json.loads(config(tmp_path, text))["services"]
    assert {"shop-api", "worker", "db", "web", "orders", "money"} == set(services)
    assert services["shop-api"]["environment"] == services["orders"]["environment"]
    assert str(tmp_path) == services["money"]["build"]["context"]
    assert {"shop-api", "orders", "money"} == set(services["web"]["depends_on"])


def test_compose_reads_a_new_file(tmp_path: Path) -> None:
    """Every service is well when it says so."""
    text = rendered("compose", system([ONE, TWO]))[0]["compose.yaml"]
    services = json.loads(config(tmp_path, text))["services"]
    assert {"orders", "money"} == {name for name, entry in services.items() if entry["healthcheck"]["test"]}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_is_found(mutant: str, tmp_path: Path) -> None:
    """It is refused."""
    before, after = MUTANTS[mutant]
    text = rendered("compose", made())[0]["compose.yml"]
    assert before in text
    assert FILE != text
    assert config(tmp_path, text.replace(before, after), code=None)
