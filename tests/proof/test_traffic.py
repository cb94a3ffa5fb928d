"""Traffic through nginx as rendered: each operation of whole applications at its owner, and nothing lost on the way."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.traffic import Shop, added, flips, shop
from decomposer import app
from decomposer.extracting.described import describe
from decomposer.scaffold import render
from decomposer.scaffold.nginx.existing import find_existing
from decomposer.scaffold.nginx.paths import segments
from decomposer.scaffold.nginx.route_table import witness
from decomposer.scaffold.system import Artefact, System
from decomposer.shell import disk, locate
from tests.conftest import write_files
from tests.proof.conftest import EXAMPLES, REPLICA, taken_apart
from tests.scaffold.nginx_server import (
    TEMPLATE,
    ask,
    flag,
    free_ports,
    needs_nginx,
    on_free_ports,
    running,
    served,
    stand_ins,
)

pytestmark = [pytest.mark.proof, needs_nginx]
REAL = os.environ.get("DECOMPOSE_REAL", "")
needs_wrk = pytest.mark.skipif(not shutil.which("wrk"), reason="wrk is not installed (on Debian: apt install wrk)")


def extracted(source: str, factory: pytest.TempPathFactory) -> System:
    """The system of a repository that the core and all contexts have left."""
    root = taken_apart(source, factory)
    listing = disk.list_files(locate.find_repository(root), None)
    made, _ = describe(app.tree_of(listing, app.analysis(app.Options(repo=root), listing)), (), lambda: None)
    return made


def astray(made: System, folder: Path, is_on: bool) -> list[str]:
    """The operations that come to another than their owner, or otherwise than they were sent."""
    found = []
    for service in made.serving():
        flag(folder, service.context, None if is_on else [])
    first = {(one.method, one.path): one for one in reversed(made.operations)}
    with stand_ins(made), served(made, folder) as port:
        for (method, path), operation in first.items():
            method = "GET" if method == "MOUNT" else method
            asked = witness(segments(path)) + "?from=a%2Fb"
            answered = ask(port, method, asked)
            expected = (operation.context if is_on else "", method, asked)
            if expected != (answered.name, answered.method, answered.path):
                found.append(f"{method} {path}: {answered.name or 'monolith'}, not {operation.context}")
    return found


CONFIGURED = [*EXAMPLES, pytest.param(REAL, id="real", marks=pytest.mark.skipif(
    not REAL, reason="DECOMPOSE_REAL names no repository"))]  # fmt: skip
"""Repositories with a configuration of nginx."""


@pytest.mark.parametrize("source", [*CONFIGURED, REPLICA])
def test_every_operation_goes_to_its_owner(
    source: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:  # fmt: skip
    """With the flags up, and all to the monolith with them down."""
    made = on_free_ports(extracted(source, tmp_path_factory))
    assert made.operations
    assert ([], []) == (astray(made, tmp_path / "on", True), astray(made, tmp_path / "off", False))


@pytest.mark.parametrize("source", CONFIGURED)
def test_beside_the_own_configuration(
    source: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:  # fmt: skip
    """A server that is there lets in whom it let in, and puts a path in another's place; all is at its owner."""
    standing, port = extracted(source, tmp_path_factory), free_ports(1)[0]
    made, (existing, _) = on_free_ports(standing), find_existing(standing)
    assert existing is not None
    described = replace(made, monolith=replace(made.monolith, port=existing.port))
    files = [item for item in render(described, made.serving(), ["nginx"], TEMPLATE) if isinstance(item, Artefact)]
    texts = {item.path: item.text.replace(f"{made.monolith.root}/", f"{tmp_path}/") for item in files}
    texts = {path: text.replace(f":{existing.port}", f":{made.monolith.port}") for path, text in texts.items()}
    texts[existing.path] = texts[existing.path].replace("listen 80;", f"listen 127.0.0.1:{port};")
    write_files(tmp_path, texts)
    user = "user root;\n" if os.geteuid() == 0 else ""
    text = (f"daemon off;\n{user}pid {tmp_path}/pid;\nerror_log {tmp_path}/error.log;\nevents {{}}\n"
            f"http {{\n    access_log off;\n    include {tmp_path}/{existing.path};\n}}\n")  # fmt: skip
    first = {(one.method, one.path): one for one in reversed(made.operations)}
    flags = (tmp_path / existing.path).parent
    with stand_ins(made), running(text, tmp_path / "nginx", port):
        for is_on in (False, True):
            for service in made.serving():
                flag(flags, service.context, None if is_on else [])
            for (method, path), operation in first.items():
                method, asked = "GET" if method == "MOUNT" else method, witness(segments(path))
                answered = ask(port, method, asked)
                if path.startswith("/v1/admin/") and source in EXAMPLES:
                    assert 403 == answered.status, path  # as it is now, only those from 10.0.0.0/8 come in
                    continue
                assert (operation.context if is_on else "", method) == (answered.name, answered.method), path
                assert answered.path == asked or (operation.context, path[:7]) == ("", "/health"), path


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A monolith and a service that count, behind nginx."""
    with shop(tmp_path_factory.mktemp("shop")) as made:
        yield made


@needs_wrk
def test_flips_lose_nothing(loaded: Shop) -> None:
    """40 of them, under POSTs of 16 connections, 50,000 at least: each is executed once, by one or the other."""
    answered = executed = turns = 0
    while answered < 50_000:
        seen, (monolith, at_service) = flips(loaded, 40, 8)
        assert 0 == seen.lost
        assert min(monolith, at_service) > 0
        answered, executed, turns = answered + seen.requests, executed + monolith + at_service, turns + 1
    assert 0 <= executed - answered <= 16 * turns  # when wrk ends, it awaits no more answers


@needs_wrk
def test_nginx_costs_little(loaded: Shop) -> None:
    """Less than 0.3 ms at the median, in one run."""
    direct, through = added(loaded, 2)
    assert through - direct < 0.3


def test_a_percentage_is_kept(tmp_path: Path) -> None:
    """Within two points, over 10,000 clients; and each stays where it is, and comes first when there are more."""
    from tests.scaffold.test_nginx import SHOP

    made = on_free_ports(replace(SHOP))
    with stand_ins(made), served(made, tmp_path) as port:
        before: set[int] = set()
        for percent, clients in ((10, 10_000), (35, 10_000), (35, 500)):
            flag(tmp_path, "orders", range(percent))
            there = {number for number in range(clients) if ask(port, "GET", "/v1/orders", {
                "X-Forwarded-For": f"10.0.{number // 250}.{number % 250}, 192.0.2.1", "User-Agent": "a client",
            }).name}  # fmt: skip
            if clients == 10_000:
                assert abs(len(there) / 100 - percent) < 2
                assert before <= there
                before = there
        assert there == {number for number in before if number < 500}
