"""What is rendered for nginx is a configuration, alone and beside the repository's own, and a scanner is content."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.artefacts.tools import said, tool
from tests.conftest import EXAMPLE, write_files
from tests.scaffold.nginx_server import NGINX, needs_nginx
from tests.scaffold.systems import operations, rendered, service, system

SERVICES = [service("orders", 8101), service("payment", 8102, is_cut_over=True)]
ROUTES = operations("orders GET /v1/orders/{id}", "payment GET /v1/orders/{id}/bill", "payment DELETE /v1/orders/{id}",
                    "orders WEBSOCKET /v1/orders/{id}/live")  # fmt: skip
PATH = "infra/nginx/coordinator-api.conf"
OWN = (EXAMPLE / PATH).read_text()
TOLERATED = {"if_is_evil", "stale_dns_cache"}
"""The switch itself: the `if` of a file sets a name and does nothing else, and the names in `proxy_pass` are those of
upstreams, which nginx finds without asking anybody for an address. With `try_files` on the flag files in place of `if`
nothing is found; but then `$uri` is a flag's path, which somebody's own headers and logs may name, and every way has to
be there twice."""


def written(folder: Path, own: str) -> Path:
    """A whole configuration with what is rendered, beside the repository's own where there is one."""
    files, _ = rendered("nginx", system(SERVICES, ROUTES, {PATH: own} if own else {}))
    write_files(folder, {path: text.replace("/srv/shop/", f"{folder}/") for path, text in files.items()})
    site = PATH if own else "infra/nginx/shop-api.conf"
    (folder / "nginx.conf").write_text(
        f"worker_processes 1;\npid {folder}/pid;\nevents {{}}\nhttp {{\n    access_log off;\n    server_tokens off;\n"
        f"    include {folder}/{site};\n}}\n"
    )
    return folder / "nginx.conf"


@needs_nginx
@pytest.mark.parametrize("own", ["", OWN], ids=["alone", "beside"])
def test_nginx_takes_it(own: str, tmp_path: Path) -> None:
    """Without a word but that it is well."""
    told = said(NGINX, "-t", "-e", tmp_path / "log", "-p", tmp_path, "-c", written(tmp_path, own))
    assert [] == [line for line in told.splitlines() if "is ok" not in line and "is successful" not in line]


def found(config: Path) -> set[str]:
    """What gixy finds of medium severity and above."""
    done = subprocess.run([tool("gixy"), "-ll", "-f", "json", str(config)], capture_output=True, text=True)
    return {one["plugin"] for one in json.loads(done.stdout)}


def test_a_scanner_is_content(tmp_path: Path) -> None:
    """It finds nothing of medium severity or above but the switch itself."""
    assert set() == found(written(tmp_path, "")) - TOLERATED


def test_a_scanner_sees_a_mutant(tmp_path: Path) -> None:
    """One that lets a client say what the host is."""
    config = written(tmp_path, "")
    path = tmp_path / "infra/nginx/shop-locations.inc"
    path.write_text(path.read_text().replace("Host $host;", "Host $http_host;"))
    assert "host_spoofing" in found(config)
