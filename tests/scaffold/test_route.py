"""`decompose route`: the switch is set, listed and taken back; a kill leaves nothing that the next run cannot mend."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from decomposer import app, cli
from decomposer.app import routing
from decomposer.scaffold.nginx.switch import Standing, percent_of, read_switch, standing
from decomposer.shell.flags import flag_files, set_percent
from tests.conftest import write_files
from tests.scaffold.systems import operations, rendered, service, system

FLAGS = "infra/nginx/flags"
SERVICES = [service("orders", 8101), service("payment", 8102, is_cut_over=True)]
FILES, _ = rendered("nginx", system(SERVICES, operations("orders GET /v1/orders", "payment GET /v1/payments")))
SOURCES = {"src/app/__init__.py": "", "src/app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n"}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with a small monolith and the files for nginx."""
    write_files(tmp_path, {**FILES, **SOURCES})
    return tmp_path


def run(repo: Path, *words: str) -> int:
    """The exit code of `decompose route`."""
    with pytest.raises(SystemExit) as done:
        sys.argv = ["decompose", "route", *words, "--repo", str(repo)]
        cli.main()
    return int(done.value.code or 0)


def test_it_is_set_and_listed(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A percentage has as many files, from the first one; testers are besides."""
    for words, files in [
        (["30"], [*map(str, range(30))]), (["monolith"], []), (["service"], [*map(str, range(100))]),
        (["12%"], [*map(str, range(12))]),
        (["service", "--header", "x-route-to=alice"], [*map(str, range(12)), "to-alice"]),
    ]:  # fmt: skip
        assert 0 == run(shop, "orders", "--to", *words)
        assert sorted(files) == flag_files(shop, FLAGS, "orders")
    capsys.readouterr()
    assert 0 == run(shop, "--format", "json")
    assert [
        {"name": "orders", "percent": 12, "testers": ["alice"], "cut_over": False, "even": True},
        {"name": "payment", "percent": 100, "testers": [], "cut_over": True, "even": True},
    ] == json.loads(capsys.readouterr().out)["contexts"]
    assert 0 == run(shop, "orders", "--to", "monolith", "--header", "X-Route-To=alice")
    assert 0 == run(shop)
    assert ["orders 12 % -", "payment cut over -"] == [
        " ".join(line.split()) for line in capsys.readouterr().out.splitlines()[-2:]]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["nobody", "--to", "service"], "no-switch"), (["payment", "--to", "monolith"], "cut-over"),
        (["orders", "--to", "101"], "usage"), (["orders", "--to", "-1"], "usage"),
        (["orders", "--to", "half"], "usage"),
        (["orders", "--to", "service", "--header", "X-Other=alice"], "other-header"),
        (["orders", "--to", "service", "--header", "X-Route-To=../../x"], "usage"),
        (["orders", "--to", "30", "--header", "X-Route-To=alice"], "usage"), (["../x", "--to", "service"], "no-switch"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(
    shop: Path, words: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    """With what to do instead, and nothing is set."""
    assert 2 == run(shop, *words)
    assert f"[{code}]" in capsys.readouterr().err
    assert [] == flag_files(shop, FLAGS, "orders")


def test_without_nginx_there_is_no_switch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was not rendered cannot be set; alone, it says so and is content."""
    write_files(tmp_path, SOURCES)
    for words in ([], ["--to", "service"]):
        assert 2 == run(tmp_path, "orders", *words)
        assert "orders: error: has no service yet that traffic could go to [not-extracted] (decompose extract orders)" \
            in capsys.readouterr().err  # fmt: skip
    write_files(tmp_path, {"apps/orders/src/app/main.py": ""})
    assert 2 == run(tmp_path, "orders", "--to", "service")
    assert "[not-rendered] (decompose scaffold nginx" in capsys.readouterr().err
    assert 0 == run(tmp_path)
    assert "nothing to switch" in capsys.readouterr().out


def test_flags_are_set_through_no_link(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing is written outside the repository."""
    outside = tmp_path_factory.mktemp("outside")
    (shop / FLAGS / "orders").symlink_to(outside)
    assert 2 == run(shop, "orders", "--to", "service")
    assert [] == list(outside.iterdir())


KILLED = """
import sys
from pathlib import Path
from decomposer.shell.flags import set_percent
print("on", flush=True)
while True:
    for percent in (100, 0, 37):
        set_percent(Path(sys.argv[1]), "flags", "orders", percent)
"""


def test_a_kill_leaves_a_percentage(tmp_path: Path) -> None:
    """Whenever it comes: the files are always the first so many; the next run makes what was wished."""
    for number in range(8):
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.003 * number)
        process.kill()
        process.wait()
        process.stdout.close()
        assert standing("orders", flag_files(tmp_path, "flags", "orders")).is_even
    set_percent(tmp_path, "flags", "orders", 25)
    assert Standing("orders", 25) == standing("orders", flag_files(tmp_path, "flags", "orders"))


def test_what_somebody_else_did_is_told_and_mended(tmp_path: Path) -> None:
    """A file that is missing in the middle."""
    set_percent(tmp_path, "flags", "orders", 25)
    os.remove(tmp_path / "flags/orders/7")
    assert Standing("orders", 24, is_even=False) == standing("orders", flag_files(tmp_path, "flags", "orders"))
    set_percent(tmp_path, "flags", "orders", 24)
    assert Standing("orders", 24) == standing("orders", flag_files(tmp_path, "flags", "orders"))


def test_only_what_was_rendered_is_a_switch() -> None:
    """Another's file of upstreams is not."""
    text = FILES["infra/nginx/shop-upstreams.inc"]
    found = read_switch(text)
    assert found is not None
    assert (("orders",), ("payment",), "x_route_to") == (found.contexts, found.cut_over, found.header)
    assert read_switch(text.partition("\n")[2]) is None
    assert 100 == percent_of("100%")


def test_back_to_the_monolith_go_all(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Testers too, where none is named; and where nginx looks for flags elsewhere, that is said."""
    for words in (["40"], ["service", "--header", "X-Route-To=alice"]):
        assert 0 == run(shop, "orders", "--to", *words)
    told = capsys.readouterr()
    assert "orders: 40 % of the clients go to the service, and the testers alice" in told.out
    assert "nginx looks for flags in /srv/shop/infra/nginx/flags" in told.err
    assert 0 == run(shop, "orders", "--to", "0")
    assert ["to-alice"] == flag_files(shop, FLAGS, "orders")
    assert 0 == run(shop, "orders", "--to", "monolith")
    assert [] == flag_files(shop, FLAGS, "orders")


def test_a_context_that_no_location_leads_to(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As where somebody keeps the file of locations as it was: setting its flags would send nobody."""
    path = shop / "infra/nginx/shop-locations.inc"
    path.write_text(path.read_text().replace("$shop_context orders;", "$shop_context payment;"))
    assert 2 == run(shop, "orders", "--to", "service")
    assert "[no-location]" in capsys.readouterr().err
    assert 2 == run(shop, "order", "--to", "service")
    assert "did you mean `orders`?" in capsys.readouterr().err


def test_traffic_that_was_sent_back_can_be_put_back(shop: Path) -> None:
    """A rollback that is refused leaves it where it went."""
    for words in (["40"], ["service", "--header", "X-Route-To=alice"]):
        assert 0 == run(shop, "orders", "--to", *words)
    before = flag_files(shop, FLAGS, "orders")
    sent = routing.send_back(app.Options(repo=shop), ("orders", "payment"))
    assert [Standing("orders", 40, ("alice",))] == sent
    assert not (shop / FLAGS / "orders").exists()
    routing.put_back(app.Options(repo=shop), sent)
    assert before == flag_files(shop, FLAGS, "orders")
