"""A service's image holds what the service needs, runs as nobody in particular, and starts as the monolith's does."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from decomposer.scaffold.image import base_image
from decomposer.scaffold.system import Local, System
from tests.scaffold.systems import MONOLITH, rendered, service, system

IMAGE = "apps/shop-api/Dockerfile"
ONE = service("orders", 8101, probes=("/health/live",), python=">=3.10",
              local=(Local("money", "libs/money/src", "shop-money", "libs/money"), Local("stubs", "."),
                     Local("help", "tools")))  # fmt: skip


def made(image: str = "") -> System:
    """A shop with one service whose monolith has an image, or none."""
    return system([ONE], (), {IMAGE: image} if image else {}, replace(MONOLITH, image=IMAGE) if image else MONOLITH)


def lines(text: str, instruction: str) -> list[str]:
    """What an instruction is given, each time."""
    return re.findall(rf"^\s*{instruction} (.*)$", text, re.MULTILINE)


def test_projects_are_installed_and_packages_copied() -> None:
    """What some project builds is installed, what none builds is put on the path; nothing else is in the image."""
    text = rendered("dockerfile", made(), "orders")[0]["apps/orders/Dockerfile"]
    assert ["libs/money libs/money", "apps/shop-core apps/shop-core", "apps/orders apps/orders",
            "--from=build /venv /venv", "stubs /srv/stubs", "tools/help /srv/help"] == lines(text, "COPY")  # fmt: skip
    assert "pip install --disable-pip-version-check ./libs/money ./apps/shop-core ./apps/orders\n" in text
    assert "PYTHONPATH=/srv " in text


def test_a_single_module_is_copied_too() -> None:
    """As the file that it is."""
    one = service("orders", 8101, local=(Local("help", "tools"),))
    files, _ = rendered("dockerfile", system([one], (), {"tools/help.py": ""}), "orders")
    assert "tools/help.py /srv/help.py" in lines(files["apps/orders/Dockerfile"], "COPY")
    assert "\n!tools/help.py\n" in files["apps/orders/Dockerfile.dockerignore"]


def test_nothing_else_reaches_the_build() -> None:
    """Everything is ignored first, and files of variables, of data and of keys in what is not."""
    text = rendered("dockerfile", made(), "orders")[0]["apps/orders/Dockerfile.dockerignore"]
    patterns = [line for line in text.splitlines() if not line.startswith("#")]
    assert "*" == patterns[0]
    assert {"libs/money", "apps/shop-core", "apps/orders", "stubs", "tools/help"} \
        == {pattern[1:] for pattern in patterns if pattern.startswith("!")}  # fmt: skip
    assert {"**/.env", "**/.env.*", "**/.git", "**/*.pem", "apps/orders/tests"} <= set(patterns[-20:])


def test_it_runs_as_nobody_in_particular() -> None:
    """The last user is not root, and everything before runs in another stage but for making that user."""
    text = rendered("dockerfile", made(), "orders")[0]["apps/orders/Dockerfile"]
    assert ["10001:10001"] == lines(text, "USER")
    assert 2 == len(lines(text, "FROM"))


def test_it_starts_as_the_monolith_does() -> None:
    """With the options of its image, in exec form, on the service's port; and it says whether it is well."""
    text = rendered("dockerfile", made('FROM python:3.12-slim\nCMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", '
                                       '"--port", "8000", "--proxy-headers", "--timeout-keep-alive", "9"]\n'))[0]
    image = text["apps/orders/Dockerfile"]
    health, command = (json.loads(line) for line in lines(image, "CMD"))
    assert ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8101", "--proxy-headers",
            "--timeout-keep-alive", "9"] == command  # fmt: skip
    assert ["8101"] == lines(image, "EXPOSE")
    assert "'http://127.0.0.1:8101/health/live'" in health[2]


@pytest.mark.parametrize(("dockerfile", "expected"), [
    ("", "python:3.11-slim"),
    ("FROM python:3.13.1-bookworm\n", "python:3.13.1-bookworm"),
    ("FROM --platform=linux/amd64 registry.example.org:5000/mirror/python:3.12-alpine AS x\n",
     "registry.example.org:5000/mirror/python:3.12-alpine"),
    ("FROM node:20 as web\nFROM python:3.12-slim as base\nFROM base as built\nFROM base as production\n",
     "python:3.12-slim"),
    ("ARG V=3.12\nFROM python:${V}-slim\n", "python:3.11-slim"),
    ("FROM ubuntu:24.04\n", "python:3.11-slim"),
    ("FROM python\n", "python:3.11-slim"),
    ("FROM python:latest\n", "python:3.11-slim"),
])  # fmt: skip
def test_it_stands_on_what_the_monolith_stands_on(dockerfile: str, expected: str) -> None:
    """Where that is an image of one version of Python's; else on the oldest that all services run on."""
    assert expected == base_image(made(dockerfile))


def test_packages_of_the_system_are_somebodys_to_add() -> None:
    """What the monolith's image installs is not installed for all; it is said, the first time."""
    text = "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y libpq5\n"
    files, problems = rendered("dockerfile", made(text))
    assert ["image-to-review", "packages-left"] == [problem.code for problem in problems]
    assert "libpq5" not in files["apps/orders/Dockerfile"]
    again = rendered("dockerfile", replace(made(text), paths=(IMAGE, *files)))[1]
    assert ["image-to-review"] == [problem.code for problem in again]
