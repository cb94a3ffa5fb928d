"""Dockerfiles are what hadolint finds well made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from decomposer.scaffold.system import Local
from tests.artefacts.tools import said, tool
from tests.scaffold.systems import MONOLITH, rendered, service, system

IMAGE = "apps/shop-api/Dockerfile"
BASES = ("", "FROM python:3.12-alpine\nCMD uvicorn app.main:app --workers 4\n")
MUTANTS = {
    "base": ("\nFROM python:3.11-slim\n", "\nFROM python:latest\n", "DL3007"),
    "user": ("USER 10001:10001", "USER root", "DL3002"),
    "command": ('CMD ["uvicorn", "app.main:app"', 'CMD uvicorn app.main:app "x"', "DL3025"),
    "instruction": ("WORKDIR /srv", "WORKINGDIR /srv", "unexpected"),
    "copy": ("COPY --from=build /venv /venv", "COPY --from=built /venv /venv", "DL3022"),
}


def image(dockerfile: str = "") -> str:
    """The Dockerfile of a service that needs something of everything."""
    local = (Local("money", "libs/money/src", "shop-money", "libs/money"), Local("stubs", "."))
    one = service("orders", 8101, local=local)
    made = system([one], (), {IMAGE: dockerfile}, replace(MONOLITH, image=IMAGE)) if dockerfile else system([one])
    return rendered("dockerfile", made)[0]["apps/orders/Dockerfile"]


@pytest.mark.parametrize("base", BASES)
def test_hadolint_has_nothing_to_say(base: str, tmp_path: Path) -> None:
    """On any base."""
    (tmp_path / "Dockerfile").write_text(image(base))
    assert "" == said(tool("hadolint"), "--no-color", tmp_path / "Dockerfile")


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_is_found(mutant: str, tmp_path: Path) -> None:
    """And why it is none."""
    before, after, rule = MUTANTS[mutant]
    text = image()
    assert before in text
    (tmp_path / "Dockerfile").write_text(text.replace(before, after))
    assert rule in said(tool("hadolint"), "--no-color", tmp_path / "Dockerfile", code=None)
