"""Every service that counts has a scrape job like the monolith's; everything else stays as it is."""

from __future__ import annotations

import difflib
from dataclasses import replace

import pytest

from decomposer.scaffold.system import System
from tests.scaffold.systems import loaded, rendered, service, system

PATH = "ops/prometheus.yml"
FILE = """global:
  scrape_interval: 30s # often enough

scrape_configs:
  - job_name: "shop"
    static_configs:
      - targets: ['10.0.0.5:8000']
        labels: { app: shop-api, tier: web }
    metrics_path: '/metrics' # as ever
    scrape_interval: 15s
    basic_auth: { username: prometheus, password: hush }

  - job_name: node
    static_configs:
      - targets:
          - "10.0.0.5:9100"

rule_files: [a.yml]
"""
COMPOSE = "services:\n  shop-api:\n    image: shop\n"
COUNTED = {"probes": ("/health", "/metrics")}
ONE, TWO = service("orders", 8101, **COUNTED), service("money", 8102, **COUNTED)


def made(text: str = FILE, *more: str) -> System:
    """A shop with two services that count, and a configuration."""
    return system([ONE, TWO], (), {PATH: text, **dict(zip(more[::2], more[1::2], strict=True))})


def jobs(made: System) -> dict[str, dict[str, object]]:
    """The jobs of the configuration by name."""
    files, problems = rendered("prometheus", made)
    assert [] == problems
    return {job["job_name"]: job for job in loaded(files[PATH])["scrape_configs"]}


def test_lines_are_only_added() -> None:
    """Of what was there a value that services share gains a name; nothing is written twice that may be a secret."""
    text = rendered("prometheus", made())[0][PATH]
    taken = [line for line in difflib.ndiff(FILE.splitlines(), text.splitlines()) if line.startswith("-")]
    assert ["-     basic_auth: { username: prometheus, password: hush }"] == taken
    assert 1 == text.count("hush")


def test_a_service_is_scraped_as_the_monolith_is() -> None:
    """On the same host, on its own port, under its own name."""
    found = jobs(made())
    assert ["shop", "node", "orders", "money"] == list(found)
    assert {**found["shop"], "job_name": "orders", "static_configs": [
        {"targets": ["10.0.0.5:8101"], "labels": {"app": "orders", "tier": "web"}}]} == found["orders"]  # fmt: skip


@pytest.mark.parametrize(("host", "expected"), [("localhost", "localhost:8101"), ("shop-api", "orders:8101")])
def test_a_service_is_scraped_where_the_monolith_is(host: str, expected: str) -> None:
    """By its own name where the monolith is by its own."""
    found = jobs(made(FILE.replace("10.0.0.5:8000", f"{host}:8000"), "compose.yml", COMPOSE))
    assert [{"targets": [expected], "labels": {"app": "orders", "tier": "web"}}] == found["orders"]["static_configs"]


def test_rendering_again_changes_nothing() -> None:
    """Nor does it matter that a service has come since."""
    text = rendered("prometheus", made())[0][PATH]
    assert text == rendered("prometheus", made(text))[0][PATH]
    first = rendered("prometheus", replace(made(), services=made().services[:2]))[0][PATH]
    assert text == rendered("prometheus", made(first))[0][PATH]


def test_what_does_not_count_has_no_job() -> None:
    """That is said the first time."""
    shop = system([ONE, service("money", 8102)], (), {PATH: FILE})
    files, problems = rendered("prometheus", shop)
    assert ["no-metrics"] == [problem.code for problem in problems]
    assert ["shop", "node", "orders"] == [job["job_name"] for job in loaded(files[PATH])["scrape_configs"]]
    assert [] == rendered("prometheus", system([ONE, service("money", 8102)], (), files))[1]


def test_ports_and_names_that_are_taken_are_told() -> None:
    """With the line; Prometheus refuses a second job of a name, so that one stays."""
    text = FILE.replace("9100", "8102").replace("job_name: node", "job_name: orders")
    files, problems = rendered("prometheus", made(text))
    assert [("kept", 0), ("port-taken", 16)] == [(problem.code, problem.line) for problem in problems]
    assert ["shop", "orders", "money"] == [job["job_name"] for job in loaded(files[PATH])["scrape_configs"]]


@pytest.mark.parametrize("text", ["", "scrape_configs: [", "scrape_configs: []\n", FILE.replace(":8000", ":8001")])
def test_a_configuration_of_something_else_stays(text: str) -> None:
    """Where nothing scrapes the monolith nothing is added."""
    assert ({}, []) == rendered("prometheus", made(text))
