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
