"""What there is to run, and where the flags lie that decide who answers: from values."""

from __future__ import annotations

import pytest

from decomposer.model.config import Config
from decomposer.model.problems import DecomposerError
from decomposer.running.parts import at_ports, find_parts, with_data
from decomposer.scaffold.nginx.rendering import placed
from decomposer.verifying.places import Places
from tests.scaffold.systems import operations, service, system

PLACES = Places("/r", Config("apps/shop-api/src", "app", ("app.main:app",)), ("orders", "catalog"), {"lib": "/r/libs"})
SERVICES = [service("orders", 8001), service("catalog", 8002, probes=("/health", "/health/live"))]


def test_parts() -> None:
    """The monolith first, then each service: its folder and the core's on its path, its own application and health."""
    made = system(SERVICES, operations("- GET /health", "orders GET /v1/orders"))
    monolith, orders, catalog = find_parts(PLACES, made, ())
    assert ("monolith", 8000, "/health", "app.main:app") == \
        (monolith.name, monolith.port, monolith.live, monolith.target.entry)  # fmt: skip
    assert ("/r/apps/shop-api/src",) == monolith.target.path
    assert ("orders", 8001, "/health") == (orders.name, orders.port, orders.live)
    assert "/health/live" == catalog.live
    assert {"lib": "/r/libs"} == catalog.target.local
    assert ["monolith", "catalog"] == [part.name for part in find_parts(PLACES, made, ("catalog",))]


def test_a_monolith_without_health() -> None:
    """Where it has no path for its health, any answer will do."""
    assert "/" == find_parts(PLACES, system(SERVICES), ())[0].live


def test_what_has_not_left() -> None:
    """A context without a service cannot be run."""
    with pytest.raises(DecomposerError, match="stock: error: has no service yet"):
        find_parts(PLACES, system(SERVICES), ("stock",))


def test_ports_as_they_are() -> None:
    """Nginx is told where everything runs; what does not run keeps its port."""
    found = at_ports(system(SERVICES), {"monolith": 1, "catalog": 2})
    assert (1, [0, 8001, 2]) == (found.monolith.port, [one.port for one in found.services])


def test_the_folder_of_the_data() -> None:
    """`{data}` in a value is the folder of one side's copies; other braces stay."""
    assert {"A": "sqlite:////d/x.db", "B": "{other}"} == with_data({"A": "sqlite:///{data}/x.db", "B": "{other}"}, "/d")


def test_where_the_flags_lie() -> None:
    """Beside the configuration of nginx that is there, else where a new one is rendered."""
    site = "upstream shop { server 127.0.0.1:8000; }\nserver { listen 80; location / { proxy_pass http://shop; } }\n"
    assert "infra/nginx/flags" == placed(system(SERVICES)).flags
    assert "deploy/flags" == placed(system(SERVICES, files={"deploy/shop.conf": site})).flags
