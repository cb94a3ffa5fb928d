"""Services are put into the compose file that runs the monolith; everything else in it stays as it is."""

from __future__ import annotations

import difflib
from dataclasses import replace

import pytest

from decomposer.scaffold.system import System
from tests.scaffold.systems import MONOLITH, loaded, operations, rendered, service, system

IMAGE = "apps/shop-api/Dockerfile"
FILE = """# the shop
services:
  # what everything is
  shop-api:
    build: { context: ., dockerfile: apps/shop-api/Dockerfile }
    environment: # of the shop
      SHOP_TOKEN: hush
      SHOP_URL: ${SHOP_URL:?}
    env_file: shop.env
    restart: always
    volumes:
      - data:/data # all of it
      - type: bind
        source: ./x
        target: /x
    ports: ["8000:8000"]
    depends_on:
      db: { condition: service_healthy }

  worker:
    build: { context: ., dockerfile: apps/shop-api/Dockerfile }
    command: python -m app.worker

  db:
    image: postgres:17

  web:
    image: registry.example.org/nginx:1.27
    depends_on:
      - shop-api # first

volumes:
  data: {}
"""
ONE, TWO = service("orders", 8101, probes=("/health/live",)), service("money", 8102)


def made(text: str = FILE, image: str = "FROM python:3.12-slim\nUSER shop\n", path: str = "compose.yml") -> System:
    """A shop with two services and a compose file."""
    files = {path: text, IMAGE: image}
    return system([ONE, TWO], operations("- GET /health"), files, replace(MONOLITH, image=IMAGE))


def result(made: System, path: str = "compose.yml") -> str:
    """The compose file with its services."""
    files, problems = rendered("compose", made)
    assert ([path], []) == (list(files), problems)
    return files[path]


def with_conf(text: str) -> System:
    """The same, with a configuration of nginx's that leads to the monolith."""
    shop = made(text)
    conf = "server { listen 80; location / { proxy_pass http://shop-api:8000; } }\n"
    files = {path: shop.text(path) or "" for path in shop.paths} | {"web/shop.conf": conf}
    return system([ONE, TWO], shop.operations, files, shop.monolith)


def test_nothing_is_taken_out() -> None:
    """Lines are added; of those that were there only the variables' gains a name."""
    changed = difflib.ndiff(FILE.splitlines(), result(made()).splitlines())
    assert ["-     environment: # of the shop"] == [line for line in changed if line.startswith("-")]
    assert "    environment: &shop-api-environment # of the shop\n" in result(made())


def test_a_service_has_what_the_monolith_has() -> None:
    """But for its image, its command and its ports; no value of a variable is written a second time."""
    text = result(made())
    services = loaded(text)["services"]
    monolith = services["shop-api"]
    for one in (ONE, TWO):
        entry = services[one.context]
        assert {"context": ".", "dockerfile": f"apps/{one.context}/Dockerfile"} == entry["build"]
        for key in ("environment", "env_file", "restart", "volumes"):
            assert monolith[key] == entry[key]
        assert [str(one.port)] == entry["expose"]
        assert f"'http://127.0.0.1:{one.port}{one.live}'" in entry["healthcheck"]["test"][3]
        assert not {"ports", "command", "image", "user"} & entry.keys()
    assert 1 == text.count("hush")


@pytest.mark.parametrize(("depends", "expected"), [
    ("depends_on:\n      db: { condition: service_healthy }",
     {"db": {"condition": "service_healthy"}, "shop-api": {"condition": "service_started"}}),
    ("depends_on: { db: { condition: service_healthy }}",
     {"db": {"condition": "service_healthy"}, "shop-api": {"condition": "service_started"}}),
    ("depends_on:\n      - db # first", ["db", "shop-api"]),
    ("depends_on: {}", ["shop-api"]),
    ("init: true", ["shop-api"]),
])  # fmt: skip
def test_a_service_waits_for_the_monolith(depends: str, expected: object) -> None:
    """And for what that waits for, in its own style: the monolith makes the tables of a fresh database."""
    text = FILE.replace("depends_on:\n      db: { condition: service_healthy }", depends)
    services = loaded(result(made(text)))["services"]
    assert [expected, expected] == [services[one.context]["depends_on"] for one in (ONE, TWO)]


def test_nginx_waits_for_them() -> None:
    """And nothing else does."""
    services = loaded(result(made()))["services"]
    assert ["shop-api", "orders", "money"] == services["web"]["depends_on"]
    assert "depends_on" not in services["worker"]


@pytest.mark.parametrize(("depends", "expected"), [
    ("depends_on: [shop-api]", ["shop-api", "orders", "money"]),
    ("depends_on:\n      shop-api:\n        condition: service_healthy",
     {"shop-api": {"condition": "service_healthy"}, "orders": {"condition": "service_started"},
      "money": {"condition": "service_started"}}),
    ('links: ["shop-api:api"]', ["orders", "money"]),
    ("volumes: [./web/shop.conf:/etc/nginx/nginx.conf]", ["orders", "money"]),
    ("volumes: [{type: bind, source: ./web, target: /etc/nginx/conf.d}]", ["orders", "money"]),
])  # fmt: skip
def test_nginx_waits_in_its_own_style(depends: str, expected: object) -> None:
    """A list, a mapping, or nothing yet, where only its links or its configuration lead to the monolith."""
    text = FILE.replace("depends_on:\n      - shop-api # first", depends)
    assert text != FILE
    assert expected == loaded(result(with_conf(text)))["services"]["web"]["depends_on"]


@pytest.mark.parametrize("written", ["restart: always", "depends_on: [db]", "volumes: [nginx-data:/etc/nginx/conf.d]",
                                     "volumes: [./other:/etc/nginx/conf.d]"])  # fmt: skip
def test_an_nginx_of_another_product_stays(written: str) -> None:
    """What neither waits for the monolith nor has its configuration does not wait for services."""
    text = FILE.replace("depends_on:\n      - shop-api # first", written)
    assert text != FILE
    web = text.split("  web:\n")[1].split("\n\n")[0]
    assert f"  web:\n{web}\n" in result(with_conf(text))


def test_nginx_has_what_its_configuration_includes() -> None:
    """Where the compose file mounts the configuration out of the repository; once, and only then."""
    conf = "server { listen 80; location / { proxy_pass http://127.0.0.1:8000; } }\n"
    volumes = '    volumes: ["../web/shop.conf:/etc/nginx/x.conf"]'
    text = FILE.replace("    depends_on:\n      - shop-api # first", volumes)
    shop = made(text.replace("context: .,", "context: ..,"), path="ops/compose.yml")
    files = {path: shop.text(path) or "" for path in shop.paths} | {"web/shop.conf": conf}
    shop = system([ONE, TWO], operations("orders GET /orders"), files, shop.monolith)
    edited = result(shop, "ops/compose.yml")
    assert ["../web/shop.conf:/etc/nginx/x.conf", "../web:/srv/shop/web:ro"] \
        == loaded(edited)["services"]["web"]["volumes"]  # fmt: skip
    again = system([ONE, TWO], shop.operations, files | {"ops/compose.yml": edited}, shop.monolith)
    assert edited == result(again, "ops/compose.yml")
    assert "volumes" not in loaded(result(made()))["services"]["web"]


def test_rendering_again_changes_nothing() -> None:
    """Nor does it when one more service has left since, but for that."""
    text = result(made())
    assert text == result(made(text))
    first = result(replace(made(), services=(made().services[0], made().services[1])))
    assert text == result(made(first))


def test_files_of_roots_stay_writable() -> None:
    """Where the monolith's image runs as root, the services do, on the volumes that they share."""
    services = loaded(result(made(image="FROM python:3.12-slim\n")))["services"]
    assert ["0:0", None] == [services["orders"]["user"], services["worker"].get("user")]
    alone = FILE.replace("volumes:\n      - data:/data # all of it\n      - type: bind\n        source: ./x\n"
                         "        target: /x\n", "init: true\n")  # fmt: skip
    assert "user" not in loaded(result(made(alone, "FROM python:3.12-slim\n")))["services"]["orders"]


def test_paths_are_from_the_files_own_folder() -> None:
    """A compose file in a folder builds from the root above it."""
    text = FILE.replace("context: .,", "context: ..,")
    build = loaded(result(made(text, path="ops/compose.yml"), "ops/compose.yml"))["services"]["orders"]["build"]
    assert {"context": "..", "dockerfile": "apps/orders/Dockerfile"} == build


def test_somebodys_own_service_stays() -> None:
    """A service of that name is not rendered a second time, and that is said."""
    text = FILE.replace("  db:\n", "  orders:\n    image: mine:1\n\n  db:\n")
    files, problems = rendered("compose", made(text))
    assert ["kept"] == [problem.code for problem in problems]
    assert {"image": "mine:1"} == loaded(files["compose.yml"])["services"]["orders"]
    assert "money" in loaded(files["compose.yml"])["services"]


@pytest.mark.parametrize("text", ["services: [", "x: 1\n", "services: {}\n---\n"])
def test_a_file_that_cannot_be_read_stays(text: str) -> None:
    """And that is said."""
    files, problems = rendered("compose", made(text))
    assert ({}, ["compose-unread"]) == (files, [problem.code for problem in problems])


def test_without_a_compose_file_there_is_a_new_one() -> None:
    """With the monolith, where it has an image, and its services on one network; variables are named."""
    unit = "[Service]\nEnvironment=SHOP_TOKEN=hush PYTHONPATH=/x\n"
    files = {IMAGE: "FROM python:3.12-slim\n", "shop-api.service": unit}
    monolith = replace(MONOLITH, image=IMAGE, unit="shop-api.service")
    shop = system([ONE, TWO], operations("- GET /health"), files, monolith)
    text = result(shop, "compose.yaml")
    services = loaded(text)["services"]
    assert ["shop-api", "orders", "money"] == list(services)
    assert all(["services"] == entry["networks"] for entry in services.values())
    assert {"SHOP_TOKEN": "${SHOP_TOKEN:?}"} == services["orders"]["environment"]
    assert [["shop-api"]] * 2 == [services[one.context]["depends_on"] for one in (ONE, TWO)]
    assert "hush" not in text
    assert "'http://127.0.0.1:8000/health'" in services["shop-api"]["healthcheck"]["test"][3]
    again = system([ONE, TWO], operations("- GET /health"), files | {"compose.yaml": text}, monolith)
    assert text == result(again, "compose.yaml")
