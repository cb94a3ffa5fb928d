"""`decompose clients` tells who calls, and leads those who go past the gateway to the services."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from decomposer import app
from decomposer.shell.apply import apply_changes
from tests.cli.test_commands import invoke
from tests.conftest import write_files
from tests.gating.test_checks import SHOP

CALLERS = {
    "decompose.toml": SHOP["decompose.toml"] + "[deploy]\nport = 8000\n",
    "tools/ask.py": '"""Asks."""\n\nimport json\n\nimport httpx\n\nBASE = "http://localhost:8000"\n\n\ndef ask():\n'
    '    httpx.get("http://localhost:8000/orders")\n    httpx.get(f"{BASE}/users")\n    httpx.get(f"{BASE}/orders")\n'
    '    httpx.get("http://localhost:8000/" "orders")\n',
    "tools/ask.sh": 'curl -s "http://localhost:8000/orders?x=$X"\ncurl http://localhost:8000/users\n',
    "web/app.js": "fetch('http://localhost:8000/orders')\nfetch('/orders')\n",
    "docs/api.md": "`curl http://localhost:8000/gone`\n",
    "tests/test_api.py": 'def test(client):\n    client.get("/orders")\n',
    "web/settings.json": '{"api": "http://localhost:8000"}\n',
    ".env": "URL=http://localhost:8000/secret\n",
    "web/bad.py": "print 1\nx.get('/orders')\n",
}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The shop with those who call it; orders are a service."""
    root = tmp_path / "shop"
    write_files(root, SHOP | CALLERS)
    (root / "tools/ask.sh").chmod(0o755)
    done = app.extract(app.Options(repo=root, cache=False), ("orders",))
    apply_changes(root, done.change_set, "extract orders", ("orders",))
    return root


def test_who_calls(shop: Path) -> None:
    """Every call with its operation and way; tests and documents are only counted, `.env` is not read."""
    code, told, errors = invoke("clients", "--format", "json", repo=shop)
    document = json.loads(told)
    assert 0 == code
    assert "secret" not in told
    found = [(f"{one['path']}:{one['line']}", one["reach"], one["operation"]) for one in document["calls"]]
    assert [
        ("docs/api.md:1", "direct", ""), ("tests/test_api.py:2", "relative", "GET /orders"),
        ("tools/ask.py:11", "direct", "GET /orders"), ("tools/ask.py:12", "direct", "GET /users"),
        ("tools/ask.py:13", "direct", "GET /orders"), ("tools/ask.py:14", "direct", "GET /orders"),
        ("tools/ask.sh:1", "direct", "GET /orders"), ("tools/ask.sh:2", "direct", "GET /users"),
        ("web/app.js:1", "direct", "GET /orders"), ("web/app.js:2", "relative", "GET /orders"),
    ] == found  # fmt: skip
    orders = next(one for one in document["contexts"] if one["name"] == "orders")
    assert (1, 1, 1, 3) == (orders["called"], orders["operations"], orders["tests"], orders["files"])
    assert ["web/settings.json"] == [one["path"] for one in document["addresses"]]
    assert "web/bad.py:1: warning" in errors
    text = invoke("clients", repo=shop)[1]
    assert "5 requests go past the gateway, and would miss a service: decompose clients --rewrite" in text
    assert "2 requests go past the gateway to contexts that have not left yet: there is nothing to rewrite" in text


def test_nobody_is_led_to_what_is_no_service_yet(shop: Path, tmp_path: Path) -> None:
    """That nothing is to do is not all that is said: at the first place, for whom it is too early."""
    write_files(tmp_path / "early", SHOP | CALLERS)
    code, told, errors = invoke("clients", "--rewrite", repo=tmp_path / "early")
    assert (0, "nothing to do\n") == (code, told)
    told = "7 requests go past the gateway to the monolith, and no context has a service yet: they stay as they are"
    assert f"tools/ask.py:11: warning: {told} [no-service-yet] (decompose extract orders, then again)" in errors
    _, _, errors = invoke("clients", "--rewrite", "--dry-run", repo=shop)
    assert "2 requests go past the gateway to users, and no service answers for that yet" in errors


def test_callers_are_led_to_services(shop: Path) -> None:
    """Where an address leads to one context, by its setting, else by the gateway's; what cannot be is told."""
    before = {name: (shop / name).read_text() for name in CALLERS}
    mode = (shop / "tools/ask.sh").stat().st_mode
    code, _, errors = invoke("clients", "--rewrite", repo=shop)
    assert 0 == code
    changed = {name for name, text in before.items() if text != (shop / name).read_text()}
    assert {"tools/ask.py", "tools/ask.sh"} == changed
    python = (shop / "tools/ask.py").read_text()
    assert '"""Asks."""\n\nimport os\nimport json\n' in python
    assert 'BASE = os.environ.get("GATEWAY_URL", "http://localhost:8000")\n' in python
    assert 'httpx.get(os.environ.get("ORDERS_URL", "http://localhost:8000") + "/orders")\n' in python
    assert 'httpx.get("http://localhost:8000/" "orders")\n' in python
    assert '"${ORDERS_URL:-http://localhost:8000}/orders?x=$X"' in (shop / "tools/ask.sh").read_text()
    assert (mode, 0o755) == ((shop / "tools/ask.sh").stat().st_mode, mode & 0o777)
    assert ["tools/ask.py:14", "web/app.js:1"] == [line.split(": ")[0] for line in errors.splitlines()
                                                   if "asks-monolith" in line]  # fmt: skip
    assert "nothing to do" in invoke("clients", "--rewrite", repo=shop)[1]


def test_what_was_led_still_asks_the_same(shop: Path) -> None:
    """Without the setting, the address is what it was; with it, another host has the same path."""
    assert 0 == invoke("clients", "--rewrite", repo=shop)[0]
    stand_in = "import sys, types\nsys.modules['httpx'] = types.SimpleNamespace(get=print)\nimport ask\nask.ask()\n"
    for setting, base in (({}, "http://localhost:8000"), ({"ORDERS_URL": "http://orders"}, "http://orders")):
        done = subprocess.run([sys.executable, "-c", stand_in], cwd=shop / "tools", env=setting, text=True,
                              capture_output=True, check=True)  # fmt: skip
        assert f"{base}/orders\nhttp://localhost:8000/users\n" == "\n".join(done.stdout.splitlines()[:2]) + "\n"


def test_clients_with_an_address_are_led_to_services(shop: Path) -> None:
    """The address that they begin with is, unless the client is handed on; one of another host is none of ours."""
    head = "import os\n\nimport httpx\n\n\n"
    kept = 'class Orders:\n    def __init__(self):\n' \
           '        self.http = httpx.Client(base_url="http://localhost:8000")\n\n' \
           '    def all(self):\n        return self.http.get("/orders")\n'  # fmt: skip
    write_files(shop, {
        "clients/one.py": f"{head}{kept}",
        "clients/two.py": f'{head}{kept}\n    def who(self):\n        return self.http.get("/users")\n',
        "clients/handed.py": f"{head}{kept}\n    def give(self):\n        return self.http\n",
        "clients/kept.py": f"{head}{kept}".replace("class Orders", "class Kept"),
        "clients/user.py": 'from clients.kept import Kept\n\nKept().http.get("/users")\n',
        "clients/base.py": f"{head}{kept}".replace("class Orders", "class Base"),
        "clients/more.py": "from clients.base import Base\n\n\nclass More(Base):\n    pass\n",
        "clients/other.py": kept.replace("http://localhost:8000", "https://api.example.org"),
    })  # fmt: skip
    found = json.loads(invoke("clients", "--format", "json", repo=shop)[1])["calls"]
    told = [(f"{one['path']}:{one['line']}", one["reach"], one["operation"]) for one in found
            if one["path"].startswith("clients/")]  # fmt: skip
    assert [
        ("clients/base.py:11", "direct", "GET /orders"), ("clients/handed.py:11", "direct", "GET /orders"),
        ("clients/handed.py:14", "direct", ""),
        ("clients/kept.py:11", "direct", "GET /orders"), ("clients/one.py:11", "direct", "GET /orders"),
        ("clients/two.py:11", "direct", "GET /orders"), ("clients/two.py:14", "direct", "GET /users"),
        ("clients/user.py:3", "relative", "GET /users"),
    ] == told  # fmt: skip
    assert "Clients that are handed on" in invoke("clients", repo=shop)[1]
    errors = invoke("clients", "--rewrite", repo=shop)[2]
    assert 'base_url=os.environ.get("ORDERS_URL", "http://localhost:8000"))' in (shop / "clients/one.py").read_text()
    assert 'base_url=os.environ.get("GATEWAY_URL", "http://localhost:8000"))' in (shop / "clients/two.py").read_text()
    assert "os.environ" not in (shop / "clients/handed.py").read_text()
    for kept, user in (("kept", "user"), ("base", "more")):
        assert "os.environ" not in (shop / f"clients/{kept}.py").read_text()
        assert f"clients/{kept}.py:11: warning: asks the monolith" in errors
        assert f"by a client that clients/{user}.py may use too" in errors
    assert "clients/handed.py:14: warning: hands on a client of the monolith's own address" in errors
