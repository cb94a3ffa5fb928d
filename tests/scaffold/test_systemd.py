"""A service's unit is in the style of the monolith's, and copies none of its values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from decomposer.scaffold.monolith import unit_settings
from decomposer.scaffold.system import Local, System
from tests.scaffold.systems import MONOLITH, rendered, service, system

UNIT = "ops/shop-api.service"
DEPLOYED = replace(MONOLITH, unit=UNIT)
SIMPLE = """[Unit]
After=network.target redis.service

[Service]
User=shop
EnvironmentFile=/etc/shop/common.env
Environment=PYTHONPATH=/srv/shop SHOP_TOKEN=hush "SHOP_URL=of the shop"
Environment=SHOP_LEVEL=7
ExecStart=/srv/shop/venv/bin/uvicorn app.main:app --host 0.0.0.0 --port 8000 --timeout-keep-alive 30 --no-server-header
Restart=always
"""
LOADER = "#!/bin/sh\ncp /etc/shop/secret /run/shop/secret\n"


def made(unit: str, **files: str) -> System:
    """A shop with one service, deployed with a unit."""
    one = service("orders", 8101, local=(Local("money", "libs/money/src"), Local("stubs", ".")))
    scripts = {f"bin/{name}": text for name, text in files.items()}
    return system([one], (), {UNIT: unit, **scripts}, DEPLOYED)


def told(made: System) -> dict[str, list[str]]:
    """The settings of the service's unit, every one with all its values."""
    files, _ = rendered("systemd", made)
    assert ["ops/shop-orders.service"] == list(files)
    found: dict[str, list[str]] = {}
    for key, value in unit_settings(files["ops/shop-orders.service"]):
        found.setdefault(key, []).append(value)
    return found


def test_it_starts_as_the_monolith_does() -> None:
    """The same server with the same options, on the service's port, its modules and those that it needs on the path."""
    unit = told(made(SIMPLE))
    assert ["/srv/shop/venv/bin/uvicorn app.main:app --host 0.0.0.0 --port 8101 --no-server-header "
            "--timeout-keep-alive 30"] == unit["ExecStart"]  # fmt: skip
    assert ["PYTHONPATH=/srv/shop/apps/orders/src:/srv/shop/apps/shop-core/src:/srv/shop/libs/money/src:/srv/shop"] \
        == unit["Environment"]  # fmt: skip
    assert ["/srv/shop/apps/orders/src"] == unit["WorkingDirectory"]
    after = ["network.target redis.service", "shop-api.service"]  # the monolith makes what they share
    assert (["shop"], after, ["always"]) == (unit["User"], unit["After"], unit["Restart"])


def test_values_of_variables_are_not_copied() -> None:
    """They are named, there and in a warning; the file that has to hold them must be there."""
    text = rendered("systemd", made(SIMPLE))[0]["ops/shop-orders.service"]
    assert not [value for value in ("hush", "of the shop", "=7") if value in text]
    assert ["/etc/shop/common.env", "/etc/shop/orders.env"] == told(made(SIMPLE))["EnvironmentFile"]
    assert "SHOP_LEVEL, SHOP_TOKEN, SHOP_URL" in text
    [problem] = rendered("systemd", made(SIMPLE))[1]
    assert ("variables-to-set", "warning", UNIT) == (problem.code, problem.severity, problem.path)
    assert "SHOP_LEVEL, SHOP_TOKEN, SHOP_URL" in problem.message
    assert "hush" not in problem.render()


def test_a_wrapper_tells_how_it_starts() -> None:
    """The interpreter is that of the monolith's unit, the options are those in the script that it runs."""
    unit = SIMPLE.replace("venv/bin/uvicorn app.main:app", "env/bin/python3.12 /srv/shop/bin/start #").replace(
        "--host 0.0.0.0 --port 8000 --timeout-keep-alive 30 --no-server-header", "")  # fmt: skip
    started = told(made(unit, start='run("uvicorn", "--host", "10.0.0.5", "--timeout-keep-alive", "9")'))["ExecStart"]
    assert ["/srv/shop/env/bin/python3.12 -m uvicorn app.main:app --host 10.0.0.5 --port 8101 "
            "--timeout-keep-alive 9"] == started  # fmt: skip


@pytest.mark.parametrize(("user", "expected"), [("root", "+/srv/shop/bin/load"), ("shop", "/srv/shop/bin/load")])
def test_secrets_are_loaded_first(user: str, expected: str) -> None:
    """By the script that does it for the monolith, outside of the sandbox where the monolith's user is root."""
    unit = SIMPLE.replace("User=shop", f"User={user}") + "ExecStartPre=/srv/shop/bin/load\n"
    assert [expected] == told(made(unit, load=LOADER))["ExecStartPre"]


@pytest.mark.parametrize(
    "command", ['/srv/shop/venv/bin/python -c "import app.storage"', "/srv/shop/bin/migrate", "/usr/bin/install -d /x"]
)
def test_the_monoliths_own_code_is_not_run_first(command: str) -> None:
    """What its unit runs before it starts is left out, and that is said."""
    found = made(f"{SIMPLE}ExecStartPre={command}\n", migrate="exec python -m app.migrate\n")
    assert "ExecStartPre" not in told(found)
    assert ["start-pre-left", "variables-to-set"] == sorted(problem.code for problem in rendered("systemd", found)[1])


def test_what_may_be_written_stays_writable() -> None:
    """Where the monolith's unit says what it writes nothing else may be; else only the system's own folders may not."""
    assert (["full"], None) == (told(made(SIMPLE))["ProtectSystem"], told(made(SIMPLE)).get("StateDirectory"))
    narrow = told(made(SIMPLE + "StateDirectory=shop\nReadWritePaths=/srv/shop/data\n"))
    assert (["strict"], ["shop"], ["/srv/shop/data"]) == (
        narrow["ProtectSystem"], narrow["StateDirectory"], narrow["ReadWritePaths"])  # fmt: skip


def test_without_a_unit_it_has_what_is_usual() -> None:
    """The folder's virtual environment, a user of the monolith's name, and an optional file of variables."""
    files, problems = rendered("systemd", system([service("orders", 8101)]))
    unit = dict(unit_settings(files["systemd/shop-orders.service"]))
    assert [] == problems
    assert ("shop-api", "-/etc/shop/orders.env") == (unit["User"], unit["EnvironmentFile"])
    assert unit["ExecStart"].startswith("/srv/shop/venv/bin/python -m uvicorn app.main:app --host 127.0.0.1 --port")


def test_graphics_cards_can_be_reached() -> None:
    """By a service that requires what computes on them, and no other device by any."""
    one, other = service("models", 8101, dependencies=("torch>=2",)), service("orders", 8102)
    files, _ = rendered("systemd", system([one, other]))
    assert "DeviceAllow=char-nvidia* rw" in files["systemd/shop-models.service"]
    assert "PrivateDevices=yes" in files["systemd/shop-orders.service"]


def test_a_description_is_text() -> None:
    """Whatever it holds, it is one line in which systemd expands nothing."""
    one = service("orders", 8101, description="what\nUser=root\n50 % of it")
    unit = dict(unit_settings(rendered("systemd", system([one]))[0]["systemd/shop-orders.service"]))
    assert "orders: what User=root 50 %% of it" == unit["Description"]
    assert "shop-api" == unit["User"]


@pytest.mark.parametrize("change", [{"root": "/srv/a b"}, {"root": "/srv/%h"}, {"prefix": "x\nUser=root"}])
def test_places_that_mean_something_else_are_refused(change: dict[str, str]) -> None:
    """No unit is rendered, and an error says which."""
    files, problems = rendered("systemd", system([service("orders", 8101)], monolith=replace(MONOLITH, **change)))
    assert ({}, ["unsafe-name"]) == (files, [problem.code for problem in problems])
    assert ["error"] == [problem.severity for problem in problems]


def test_what_is_there_already_is_rendered_the_same() -> None:
    """A second time nothing is said, and the text is the same."""
    first, _ = rendered("systemd", made(SIMPLE))
    again, problems = rendered("systemd", replace(made(SIMPLE), paths=(UNIT, *first)))
    assert (first, []) == (again, problems)
