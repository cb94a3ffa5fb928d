"""What is rendered for nginx, compose, systemd and Prometheus once the monolith has ended: all of it without that."""

from __future__ import annotations

import difflib
from dataclasses import replace

import pytest

from decomposer.model.config import Finish
from decomposer.scaffold.nginx.existing import find_existing
from decomposer.scaffold.nginx.syntax import parse, walk
from decomposer.scaffold.system import System
from tests.scaffold import test_compose, test_nginx_files, test_prometheus, test_systemd
from tests.scaffold.systems import loaded, operations, rendered, service, system

ENDED = Finish("money", retired=("nginx", "compose", "systemd", "prometheus"))
SERVICES = (service("orders", 8101), service("money", 8102))
ROUTES = operations("orders GET /v1/orders", "money GET /v1/money", "- GET /health", "- GET /v1/version")


def ended(made: System) -> System:
    """The same, whose monolith has ended."""
    return replace(made, finish=ENDED)


def changed(before: str, after: str) -> list[str]:
    """The lines that go and come, in order."""
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "-+"]


def upstreams(text: str) -> dict[str, list[str]]:
    """The upstreams of a configuration, with the addresses of each."""
    return {one.words[0]: [server.text for server in one.all("server")] for one in parse(text)
            if one.name == "upstream"}  # fmt: skip


def test_nginx_knows_no_monolith() -> None:
    """No upstream leads there or stands in for a service; what is nobody's goes to the rest; nothing is switched."""
    files, problems = rendered("nginx", ended(system(SERVICES, ROUTES)))
    http = files["infra/nginx/shop-upstreams.inc"]
    assert [] == problems and "8000" not in "".join(files.values()) and "-f " not in "".join(files.values())
    assert {"shop-orders", "shop-orders-once", "shop-orders-kept", "shop-money", "shop-money-once",
            "shop-money-kept"} == set(upstreams(http))  # fmt: skip
    assert ["server 127.0.0.1:8101;"] == upstreams(http)["shop-orders"]
    rest = next(one for one in walk(parse(http)) if one.words == ("$shop_context", "$shop_rest"))
    assert {"default": "shop-money", "orders": "shop-orders", "money": "shop-money"} == {
        one.name: one.words[0] for one in rest.block or ()}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("upstream shop { server 127.0.0.1:8000; }\nserver { location / { proxy_pass http://shop; } }\n",
         "upstream shop { server 127.0.0.1:8102; }"),
        ("upstream other { server 10.0.0.9:8000; }\nserver { location / { proxy_pass http://127.0.0.1:8000; } }\n",
         "proxy_pass http://127.0.0.1:8102;"),
        ("upstream shop { server 10.0.0.7:8000 weight=3; keepalive 4; }\n"
         "server { location / { proxy_pass http://shop/; } }\n", "server 10.0.0.7:8102 weight=3;"),
    ],
)  # fmt: skip
def test_what_led_to_the_monolith_leads_to_the_rest(text: str, expected: str) -> None:
    """Whichever way a configuration names it; an upstream that no location asks for stays; nothing changes twice."""
    made = ended(system(SERVICES, ROUTES, {"ops/shop.conf": text}))
    files, problems = rendered("nginx", made)
    again, _ = rendered("nginx", ended(system(SERVICES, ROUTES, {"ops/shop.conf": files["ops/shop.conf"]})))
    assert [] == problems and expected in files["ops/shop.conf"] and files == again
    assert ("upstream other { server 10.0.0.9:8000; }" in text) == ("10.0.0.9:8000" in files["ops/shop.conf"])
    found, _ = find_existing(ended(system(SERVICES, ROUTES, files)))
    assert found is not None and ("ops/shop.conf", 8102) == (found.path, found.port)


def test_a_path_that_stands_for_another_one_is_in_the_way() -> None:
    """The monolith is asked there for what services answer elsewhere: an error, with what to write in its place."""
    files = {test_nginx_files.PATH: test_nginx_files.OWN}
    _, problems = rendered("nginx", ended(system(SERVICES, ROUTES, files)))
    assert [("nginx-mapped", "error", 15)] == [(one.code, one.severity, one.line) for one in problems]
    assert problems[0].hint.endswith("rewrite ^/api/(.*)$ /v1/$1 last;")


def test_a_path_that_stands_for_one_of_the_rest_leads_there() -> None:
    """Nothing else is meant by it."""
    text = "server { location / { proxy_pass http://127.0.0.1:8000; }\n" \
        "location /up { proxy_pass http://127.0.0.1:8000/v1/version; } }\n"  # fmt: skip
    files, problems = rendered("nginx", ended(system(SERVICES, ROUTES, {"ops/shop.conf": text})))
    assert [] == problems and "proxy_pass http://127.0.0.1:8102/v1/version;" in files["ops/shop.conf"]


def test_the_entry_is_started_by_its_profile_alone() -> None:
    """Everything else in it stays, nobody waits for it, and services have what they had of it."""
    made = test_compose.made()
    before = rendered("compose", made)[0]["compose.yml"]
    after = rendered("compose", ended(replace(made, finish=Finish())))[0]["compose.yml"]
    found = loaded(after)["services"]
    assert ["retired"] == found["shop-api"]["profiles"]
    assert not [name for name, one in found.items() if "shop-api" in one.get("depends_on", ())]
    assert found["orders"]["environment"] == loaded(before)["services"]["orders"]["environment"]
    assert {"db": {"condition": "service_healthy"}} == found["orders"]["depends_on"]
    own = [line for line in changed(test_compose.FILE, after) if line.startswith("-")]
    assert ["-     environment: # of the shop", "-       - shop-api # first"] == own
    again = rendered("compose", ended(test_compose.made(after)))[0]["compose.yml"]
    assert after == again


@pytest.mark.parametrize(
    ("waits", "expected"),
    [("[shop-api]", ["money"]), ("[shop-api, db]", ["money", "db"]), ("[db, shop-api]", ["db", "money"]),
     ("[shop-api, money]", ["money"]), ("[money, shop-api, db]", ["money", "db"]),
     ("\n      - db\n      - shop-api\n", ["db", "money"]), ("\n      - money\n      - shop-api # x\n", ["money"]),
     ("{ shop-api: { condition: service_started } }", ["money"]),
     ("\n      shop-api:\n        condition: service_started\n      db:\n        condition: service_healthy\n",
      ["money", "db"])],
)  # fmt: skip
def test_whoever_waits_for_the_monolith_waits_for_the_rest(waits: str, expected: list[str]) -> None:
    """In any way of writing it, once."""
    text = test_compose.FILE.replace("  db:\n", f"  other:\n    image: x\n    depends_on: {waits}\n  db:\n", 1)
    after = rendered("compose", ended(test_compose.made(text)))[0]["compose.yml"]
    assert expected == list(loaded(after)["services"]["other"]["depends_on"])


def test_the_unit_is_kept_where_systemd_does_not_find_it() -> None:
    """As it is; services' units are as they were, but wait for it no more; others name the rest in its place."""
    made = test_systemd.made(test_systemd.SIMPLE)
    money = service("money", 8102)
    other = "[Unit]\nAfter=network.target shop-api.service\nRequires=shop-api.service\n[Service]\nExecStart=/bin/x\n"
    texts = {test_systemd.UNIT: test_systemd.SIMPLE, "ops/other.service": other,
             "ops/all.target": "[Unit]\nWants=shop-api.service shop-money.service\n"}  # fmt: skip
    made = replace(made, services=(*made.services, money), paths=tuple(sorted(texts)),
                   read=lambda path: texts[path].encode() if path in texts else None)  # fmt: skip
    before, _ = rendered("systemd", made)
    after, _ = rendered("systemd", ended(made))
    assert None is after[test_systemd.UNIT]
    assert test_systemd.SIMPLE == after[f"{test_systemd.UNIT}.retired"]
    assert ["- After=shop-api.service"] == [
        line for line in changed(before["ops/shop-orders.service"], after["ops/shop-orders.service"])
        if line[2] != "#"]  # fmt: skip
    assert other.replace("shop-api", "shop-money") == after["ops/other.service"]
    assert "[Unit]\nWants=shop-money.service\n" == after["ops/all.target"]


@pytest.mark.parametrize(
    ("written", "left"),
    [("['10.0.0.5:8000']", "[]"), ("['10.0.0.5:8000', 'a:1']", "['a:1']"), ("['a:1', '10.0.0.5:8000']", "['a:1']"),
     ("\n          - '10.0.0.5:8000'", "\n          []"),
     ("\n          - 'a:1'\n          - '10.0.0.5:8000'", "\n          - 'a:1'")],
)  # fmt: skip
def test_the_monolith_is_not_scraped(written: str, left: str) -> None:
    """Its job stays, since services' jobs share things of it; nothing else changes, then or later."""
    first = test_prometheus.made(test_prometheus.FILE.replace("['10.0.0.5:8000']", written))
    before = rendered("prometheus", first)[0][test_prometheus.PATH]
    made = replace(test_prometheus.made(before), finish=Finish("money", retired=("prometheus",)))
    files, problems = rendered("prometheus", made)
    assert ([], before.replace(written, left)) == (problems, files[test_prometheus.PATH])
    jobs = {job["job_name"]: job for job in loaded(files[test_prometheus.PATH])["scrape_configs"]}
    assert {"shop", "node", "orders", "money"} == set(jobs)
    assert ({}, []) == rendered("prometheus", replace(test_prometheus.made(files[test_prometheus.PATH]),
                                                      finish=made.finish))  # fmt: skip
