"""What a service needs to call others is named wherever it is run, and leads to the service once that answers alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from decomposer.scaffold.monolith import unit_settings
from decomposer.scaffold.system import System
from tests.scaffold.systems import MONOLITH, loaded, operations, rendered, service, system
from tests.scaffold.test_compose import FILE, IMAGE

CLIENT = "apps/orders/src/app/_clients/services/bills.py"
ORDERS = service("orders", 8101, clients=((CLIENT, "money"),))
MONEY, ALONE = service("money", 8102), service("other", 8103)
TOKEN = "${INTERNAL_TOKEN:?}"
WRITTEN = "environment: # of the shop\n      SHOP_TOKEN: hush\n      SHOP_URL: ${SHOP_URL:?}\n"
STYLES = {
    "block": WRITTEN,
    "none": "",
    "flow": 'environment: {SHOP_TOKEN: hush, "SHOP_URL": x}\n',
    "list": "environment:\n    - SHOP_TOKEN=hush\n    # of the shop\n    - SHOP_URL\n",
    "flow list": "environment: [SHOP_TOKEN=hush]\n",
    "named": "environment: &all\n      SHOP_TOKEN: hush\n",
}


def made(text: str = "", away: bool = False) -> System:
    """A shop in which orders calls money, which may have been cut over; with a compose file where one is given."""
    files = {"compose.yml": text, IMAGE: "FROM python:3.12-slim\nUSER shop\n"} if text else {}
    monolith = replace(MONOLITH, image=IMAGE) if text else MONOLITH
    return system([ORDERS, replace(MONEY, is_cut_over=away), ALONE], operations("- GET /health"), files, monolith)


def variables(text: str, name: str) -> dict[str, str]:
    """The variables that a compose file gives to one of its services."""
    given = loaded(text)["services"][name].get("environment", {})
    return dict(one.partition("=")[::2] for one in given) if isinstance(given, list) else given


@pytest.mark.parametrize("written", STYLES.values(), ids=STYLES)
def test_a_compose_file_gives_token_and_addresses(written: str) -> None:
    """In the style in which its variables are written; a second run changes nothing, a cut-over the address alone."""
    before = FILE.replace("    " + WRITTEN, "    " + written if written else "")
    once = rendered("compose", made(before))[0]["compose.yml"]
    assert once == rendered("compose", made(once))[0]["compose.yml"]
    away = rendered("compose", made(once, True))[0]["compose.yml"]
    assert once.replace("http://shop-api:8000", "http://money:8102") == away
    for text, place in ((once, "http://shop-api:8000"), (away, "http://money:8102")):
        for name in ("shop-api", "orders", "money"):
            given = variables(text, name)
            assert (TOKEN, place) == (given["INTERNAL_TOKEN"], given["MONEY_URL"])
            assert ("SHOP_TOKEN" in before) is ("SHOP_TOKEN" in given)
    assert not [line for line in before.splitlines() if "hush" not in line and line.strip() and
                line.split("#")[0].replace("environment:", "").strip() not in once]  # fmt: skip


PORTS = {
    "a variable": ("environment:\n      SHOP_TOKEN: hush\n      SHOP_API_PORT: 5001\n      DB_PORT: 5432", 5001),
    "a variable in a list": ("environment: [PORT=5001]", 5001),
    "the image's variable": ("environment:\n      LISTEN_AT: 5001", 5001),
    "a variable with a default": ("environment:\n      SHOP_API_PORT: ${SHOP_PORT:-5001}", 5001),
    "a variable that nobody knows": ("environment:\n      SHOP_API_PORT: ${SHOP_PORT}", 8000),
    "a command": ("command: uvicorn app.main:app --port 5001\n    environment: [PORT=9000]", 5001),
    "a command of words": ('command: [uvicorn, "app.main:app", --port, "5001"]', 5001),
    "a command with a variable": ("command: uvicorn app.main:app --port ${AT}\n    environment: [AT=5001]", 5001),
    "a published port": ('ports: ["127.0.0.1:80:5001/tcp"]', 5001),
    "a published port in words": ("ports:\n      - target: 5001\n        published: 80", 5001),
    "an exposed port": ('expose: ["5001"]', 5001),
    "more published ports": ("ports: [5678:5678, 8080:8000]", 8000),
    "ports that nobody knows": ("ports: [5678:5678, 5679:5679]", 8000),
    "a range": ('ports: ["5000-5010:5000-5010"]', 8000),
}  # fmt: skip


@pytest.mark.parametrize(("written", "port"), PORTS.values(), ids=PORTS)
def test_in_a_container_the_monolith_listens_where_that_says(written: str, port: int) -> None:
    """Its command, its variables and its ports go before its unit and its image; what was rendered is mended, too."""
    text = FILE.replace("    " + WRITTEN, f"    {written}\n").replace('    ports: ["8000:8000"]\n', "")
    once = rendered("compose", made(text))[0]["compose.yml"].replace(f"shop-api:{port}", "shop-api:8000")
    for before in (text, once):
        found = with_image(made(before))
        after = rendered("compose", found)[0]["compose.yml"]
        for name in ("shop-api", "orders"):
            assert f"http://shop-api:{port}" == variables(after, name)["MONEY_URL"]


def with_image(made: System) -> System:
    """The same, whose image listens at a port that a variable names."""
    files = {path: made.text(path) or "" for path in made.paths}
    files[IMAGE] = "FROM python:3.12-slim\nUSER shop\nCMD uvicorn app.main:app --port $LISTEN_AT\n"
    return system([one for one in made.services if not one.is_core], made.operations, files, made.monolith)


def test_an_address_that_somebody_has_set_stays() -> None:
    """So does a token that is written in another way."""
    before = FILE.replace("SHOP_TOKEN: hush", "INTERNAL_TOKEN: ${OURS}\n      MONEY_URL: https://money.example")
    text = rendered("compose", made(before, True))[0]["compose.yml"]
    given = variables(text, "orders")
    assert ("${OURS}", "https://money.example") == (given["INTERNAL_TOKEN"], given["MONEY_URL"])


def test_a_compose_file_of_their_own_gives_them_too() -> None:
    """Where the repository has none."""
    text = rendered("compose", made())[0]["compose.yaml"]
    assert {"INTERNAL_TOKEN": TOKEN, "MONEY_URL": "http://shop-api:8000"} == variables(text, "orders")


def test_without_calls_nothing_is_named() -> None:
    """A system in which nobody calls anybody has no token."""
    quiet = system([MONEY, ALONE], operations("- GET /health"))
    for target in ("compose", "systemd", "dockerfile", "ci", "docs"):
        assert "INTERNAL_TOKEN" not in "".join(rendered(target, quiet)[0].values())


@pytest.mark.parametrize("away, place", [(False, "http://127.0.0.1:8000"), (True, "http://127.0.0.1:8102")])
def test_a_unit_says_where_owners_are(away: bool, place: str) -> None:
    """Before its file of variables, which may say otherwise and has the token; who calls nobody needs no address."""
    units = rendered("systemd", made(away=away))[0]
    settings = unit_settings(units["systemd/shop-orders.service"])
    assert ("Environment", f"MONEY_URL={place}") in settings
    assert settings.index(("Environment", f"MONEY_URL={place}")) < \
        settings.index(("EnvironmentFile", "/etc/shop/orders.env"))  # fmt: skip
    assert ("EnvironmentFile", "/etc/shop/money.env") in unit_settings(units["systemd/shop-money.service"])
    assert "MONEY_URL" not in units["systemd/shop-money.service"]
    assert ("EnvironmentFile", "-/etc/shop/other.env") in unit_settings(units["systemd/shop-other.service"])


def test_pages_images_and_workflows_name_them() -> None:
    """The caller's both variables, the owner's the token; whoever has nothing to do with calls has neither."""
    for target, path in (("dockerfile", "apps/{}/Dockerfile"), ("ci", ".github/workflows/{}.yml"),
                         ("docs", "docs/services/{}.md")):  # fmt: skip
        files = rendered(target, made())[0]
        named = {name: [one for one in ("INTERNAL_TOKEN", "MONEY_URL") if one in files[path.format(name)]]
                 for name in ("orders", "money", "other")}  # fmt: skip
        assert {"orders": ["INTERNAL_TOKEN", "MONEY_URL"], "money": ["INTERNAL_TOKEN"], "other": []} == named
    assert f"| money | `{CLIENT.removeprefix('apps/orders/')}` | http://127.0.0.1:8000 | `MONEY_URL` |" in files[
        "docs/services/orders.md"]  # fmt: skip
    assert '==>|"calls"| monolith' in files["docs/architecture.md"]
