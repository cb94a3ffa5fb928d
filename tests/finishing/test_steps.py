"""The monolith's end on a small shop: what each step wants, what comes of it, and how it stands."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from decomposer import app
from decomposer.app import finishing
from decomposer.app.finishing import _ending
from decomposer.app.routing import route, send_back
from decomposer.cli.commands import run_request
from decomposer.finishing import plan, standings
from decomposer.model.finishing import Mark
from decomposer.model.problems import DecomposerError
from decomposer.model.steps import RETIRABLE, STEPS
from decomposer.shell import certificates
from decomposer.shell.apply import apply_changes
from tests.cli.test_commands import invoke
from tests.conftest import write_files
from tests.shell.apply.trees import snapshot

SHOP = {
    "decompose.toml": 'source = "src"\npackage = "app"\nentry = ["app.main:app"]\nrules = "rules"\n',
    "rules/orders.toml": 'name = "orders"\nport = 8101\n[[rule]]\npaths = ["**/order*.py"]\nreason = "Orders."\n',
    "rules/users.toml": 'name = "users"\nport = 8102\n[[rule]]\npaths = ["**/user*.py"]\nreason = "Users."\n',
    "rules/core.toml": 'name = "core"\nshared = ["main.py", "settings.py", "**/__init__.py"]\n',
    "systemd/app.service": "[Service]\nExecStart=/srv/app/venv/bin/uvicorn app.main:app --port 8000\n",
    "src/app/__init__.py": "", "src/app/routers/__init__.py": "", "src/app/settings.py": "NAME = 'shop'\n",
    "src/app/main.py": "from fastapi import FastAPI\n\nfrom app.routers import orders, users\n"
    "from app.settings import NAME\n\napp = FastAPI(title=NAME)\n"
    "app.include_router(orders.router)\napp.include_router(users.router)\n\n\n"
    "@app.get('/health')\n@app.get('/version')\ndef version():\n    return {'version': 7, 'name': NAME}\n",
    "src/app/routers/orders.py": "from fastapi import APIRouter\n\nfrom app.settings import NAME\n\n"
    "router = APIRouter()\n\n\n@router.get('/orders')\ndef listed():\n    return [NAME]\n",
    "src/app/routers/users.py": "from fastapi import APIRouter\n\nfrom app.settings import NAME\n\n"
    "router = APIRouter()\n\n\n@router.get('/users')\ndef users():\n    return [NAME]\n",
}  # fmt: skip
REST = '\n[finish]\nrest = "orders"\n'


def options(root: Path) -> app.Options:
    """Where it is worked on."""
    return app.Options(repo=root, cache=False)


def extract(root: Path, *names: str) -> None:
    """Takes contexts out, which has to succeed."""
    for name in names:
        done = app.extract(options(root), (name,))
        assert [] == [problem.render() for problem in done.problems if problem.severity == "error"]
        apply_changes(root, done.change_set, f"extract {name}", (name,))


def say(root: Path, text: str) -> None:
    """Puts text at the end of the configuration."""
    place = root / "decompose.toml"
    place.write_text(place.read_text() + text)


def marks(root: Path) -> dict[str, str]:
    """How each step stands."""
    return {one["name"]: one["state"] for one in finishing.steps(options(root))["steps"]}


def in_the_way(root: Path, step: str, sunset: str = "") -> list[str]:
    """The codes of the errors of a step."""
    planned = finishing.finish(options(root), step, sunset)
    return sorted({problem.code for problem in planned.problems if problem.severity == "error"})


def make(root: Path, step: str, sunset: str = "") -> None:
    """Makes a step, which has to succeed."""
    assert [] == in_the_way(root, step, sunset)
    app.apply(options(root), finishing.finish(options(root), step, sunset).change_set, f"finish {step}", False)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop of two contexts."""
    root = tmp_path / "shop"
    write_files(root, SHOP)
    return root


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every context has a certificate that holds."""
    monkeypatch.setattr(certificates, "is_current", lambda *_: True)


@pytest.fixture
def parted(shop: Path, verified: None) -> Iterator[Path]:
    """Both contexts are services that have all of their traffic, and one answers what is nobody's."""
    say(shop, REST)
    extract(shop, "core", "orders", "users")
    for context in ("orders", "users"):
        route(options(shop), context, "service", None)
    yield shop


def test_nothing_ends_before_everything_has_left(shop: Path) -> None:
    """Each step but the first says which context has no service yet."""
    extract(shop, "orders")
    assert ["not-extracted", "not-routed", "not-verified"] == in_the_way(shop, "nginx")
    assert "not-extracted" in in_the_way(shop, "systemd")


def test_somebody_has_to_answer_what_is_nobodys(shop: Path, verified: None) -> None:
    """A context is named for that; one named late answers it when it is taken out once more."""
    extract(shop, "core", "orders", "users")
    [told] = [one for one in finishing.finish(options(shop), "nginx", "").problems if one.code == "no-rest"]
    assert "nobody answers GET /version without the monolith" == told.message
    say(shop, REST)
    [told] = [one for one in finishing.finish(options(shop), "nginx", "").problems if one.code == "no-rest"]
    assert ("orders does not answer GET /version yet", "decompose extract orders") == (
        told.message, told.hint)  # fmt: skip
    extract(shop, "orders")
    assert "/version" in (shop / "apps/orders/src/app/main.py").read_text()
    assert ["not-routed"] == in_the_way(shop, "nginx")
    assert () == app.extract(options(shop), ("orders",)).change_set.changes


def test_a_router_of_nobodys_is_the_rests(shop: Path, verified: None) -> None:
    """A file that the core owns and that only the monolith includes: the service that has the rest does, too."""
    edits = {"rules/core.toml": ("settings.py", "settings.py\", \"routers/status.py"),
             "src/app/main.py": ("app.include_router(o", "from app.routers import status\n"
                                 "app.include_router(status.router, prefix='/v2')\napp.include_router(o")}  # fmt: skip
    for path, (old, new) in edits.items():
        (shop / path).write_text((shop / path).read_text().replace(old, new, 1))
    (shop / "src/app/routers/status.py").write_text(
        "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get('/status')\ndef status():\n"
        "    return 'well'\n")  # fmt: skip
    say(shop, REST)
    extract(shop, "core", "orders", "users")
    served = {name: [line for line in (shop / f"apps/{name}/src/app/main.py").read_text().splitlines()
                     if "include_router" in line] for name in ("orders", "users")}  # fmt: skip
    assert {"orders": ["app.include_router(status.router, prefix='/v2')", "app.include_router(orders.router)"],
            "users": ["app.include_router(users.router)"]} == served  # fmt: skip
    assert (shop / "apps/app-core/src/app_core/routers/status.py").exists()


def test_what_was_cut_over_cannot_take_the_rest(shop: Path, verified: None) -> None:
    """The monolith's entry does not tell any more what it answered for it: that is said, and nothing is written."""
    extract(shop, "core", "orders", "users")
    for name in ("users",):
        route(options(shop), name, "service", None)
        apply_changes(shop, app.cutover(options(shop), (name,)).change_set, f"cutover {name}", (name,))
    say(shop, '\n[finish]\nrest = "users"\n')
    with pytest.raises(DecomposerError) as raised:
        app.extract(options(shop), ("users",))
    assert ["rest-late"] == [problem.code for problem in raised.value.problems]


@pytest.mark.usefixtures("verified")
def test_traffic_comes_first(shop: Path) -> None:
    """A service that has not all of its traffic is in the way of nginx, and nginx of all that comes after it."""
    say(shop, REST)
    extract(shop, "core", "orders", "users")
    route(options(shop), "users", "service", None)
    route(options(shop), "orders", "40", None)
    assert ["not-routed"] == in_the_way(shop, "nginx")
    assert ["nginx-first"] == in_the_way(shop, "systemd") == in_the_way(shop, "paths")


def test_without_a_certificate_nothing_ends(parted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a cut-over."""
    monkeypatch.setattr(certificates, "is_current", lambda *_: False)
    assert ["not-verified"] == in_the_way(parted, "nginx")


def test_all_steps_in_order_and_back(parted: Path) -> None:
    """Each is done after it is made and not before; made again it changes nothing; taken back, every byte is there."""
    (parted / "apps/between-services/test_between_services.py").unlink()  # rendered once it is known who has the rest
    before = snapshot(parted)
    assert {"announce": "open", "tests": "open", "nginx": "open", "compose": "nothing to do", "systemd": "blocked",
            "prometheus": "nothing to do", "paths": "blocked", "aliases": "blocked"} == marks(parted)  # fmt: skip
    for step in ("announce", "tests", "nginx", "systemd", "paths"):
        make(parted, step, "2099-01-01" if step == "announce" else "")
        assert "done" == marks(parted)[step]
        assert step == "announce" or () == finishing.finish(options(parted), step, "").change_set.changes
    for step in ("paths", "systemd", "nginx", "tests", "announce"):
        assert f"finish {step}" == app.rollback(options(parted), None).title
    assert before == snapshot(parted)


def told(root: Path, step: str) -> list[str]:
    """What is in the way of a step, as `path:line code`."""
    steps = finishing.steps(options(root))["steps"]
    return [f"{one['path']}:{one['line']} {one['code']}" for step_ in steps if step_["name"] == step
            for one in step_["problems"]]  # fmt: skip


def test_paths_say_that_nothing_can_go_yet(parted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in the way is told, then that no context can go: exit code 1; where all have gone, nothing is to do."""
    make(parted, "nginx")
    make(parted, "paths")
    assert (0, "nothing to do\n", "") == invoke("finish", "paths", repo=parted)
    app.rollback(options(parted), None)
    monkeypatch.setattr(certificates, "is_current", lambda *_: False)
    for more in ((), ("--dry-run",)):
        code, output, errors = invoke("finish", "paths", *more, repo=parted)
        assert ("", 1) == (output, code) and 2 == errors.count("[not-verified]")
        last = [line for line in errors.splitlines() if "error" in line][-1]
        assert "apps: error: no context can be cut over yet: what is in the way is told above [none-can-go]" in last


def test_paths_of_an_untouched_monolith_are_blocked(shop: Path) -> None:
    """As the table says: no context has a service yet."""
    assert ["none-can-go", "not-extracted"] == in_the_way(shop, "paths") and "blocked" == marks(shop)["paths"]


def test_the_help_names_every_step(shop: Path) -> None:
    """Those that there are, in their order."""
    assert ", ".join(STEPS[:-1]) in " ".join(invoke("finish", "--help")[1].replace("│", " ").split())
    assert list(STEPS) == [one.name for one in standings(_ending(options(shop)))]


def test_paths_go_for_those_that_nobody_loads(parted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What loads a context is told at its line; the others are cut over as `cutover` does it, and come back."""
    assert ["decompose.toml:0 nginx-first"] == told(parted, "paths")
    make(parted, "nginx")
    (parted / "src/app/tool.py").write_text("import os\nfrom app.routers.users import users\n\nprint(users, os)\n")
    before = snapshot(parted)
    assert ["src/app/tool.py:2 still-loaded"] == told(parted, "paths")
    planned = finishing.finish(options(parted), "paths", "")
    alone = app.cutover(options(parted), ("orders",))
    assert alone.change_set.changes and alone.change_set == planned.change_set
    make(parted, "paths")
    assert "routers import users" in (parted / "src/app/main.py").read_text()
    assert (["src/app/tool.py:2 still-loaded"], "blocked") == (told(parted, "paths"), marks(parted)["paths"])
    (parted / "src/app/tool.py").unlink()
    assert "open" == marks(parted)["paths"]
    monkeypatch.setattr(certificates, "is_current", lambda *_: False)
    assert ["apps/users:0 not-verified"] == told(parted, "paths")
    app.rollback(options(parted), None)
    (parted / "src/app/tool.py").write_text("import os\nfrom app.routers.users import users\n\nprint(users, os)\n")
    assert before == snapshot(parted)


RUNNING = {
    "compose.yaml": "services:\n  app:\n    build: .\n    command: uvicorn app.main:app\n    ports:\n"
                    '      - "8000:8000"\n',
    "prometheus.yml": "scrape_configs:\n  - job_name: app\n    static_configs:\n      - targets: ['localhost:8000']\n",
}  # fmt: skip
"""What runs and scrapes the monolith."""


@pytest.fixture
def ended(shop: Path, verified: None) -> tuple[Path, dict[str, dict[str, bytes]]]:
    """A shop whose monolith has ended, and of each step the files that it changed, as they were."""
    write_files(shop, RUNNING)
    say(shop, REST)
    extract(shop, "core", "orders", "users")
    changed = {}
    for context in ("orders", "users"):
        route(options(shop), context, "service", None)
    for step in RETIRABLE:
        planned = finishing.finish(options(shop), step, "").change_set
        changed[step] = {one.path: one.before for one in planned.changes
                         if one.before is not None and one.path != "decompose.toml"}  # fmt: skip
        make(shop, step)
        assert "done" == marks(shop)[step]
    return shop, changed


@pytest.mark.parametrize("step", RETIRABLE)
def test_what_is_said_to_be_retired_is_looked_for(
    step: str, ended: tuple[Path, dict[str, dict[str, bytes]]], capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    """A file that has the monolith again is told, by `status` too, and the step made once more mends it."""
    root, changed = ended
    assert changed[step] and not [problem for name in RETIRABLE for problem in told(root, name)]
    whole = snapshot(root)
    for path, content in changed[step].items():
        (root / path).write_bytes(content)
    if step == "systemd":
        (root / "systemd/app.service.retired").unlink()
    found = [line.partition(":")[0] for line in told(root, step)]
    assert found and {*found} <= {*changed[step]} and "open" == marks(root)[step]
    assert {*RETIRABLE} - {step} == {name for name in RETIRABLE if "done" == marks(root)[name]}
    assert 0 == run_request({"command": "status", "repo": str(root), "format": "text"})
    assert f"{found[0]}" in capsys.readouterr().out
    make(root, step)
    assert whole == {path: entry for path, entry in snapshot(root).items() if path in whole}


def test_what_somebody_wrote_into_the_configuration_is_not_believed(shop: Path, verified: None) -> None:
    """That all is retired, while nothing is: each is told at the line that differs."""
    write_files(shop, RUNNING)
    say(shop, REST)
    extract(shop, "core", "orders", "users")
    say(shop, f"retired = {json.dumps(RETIRABLE)}\n")
    assert {"open"} == {marks(shop)[step] for step in RETIRABLE}
    found = {step: {line.partition(":")[0] for line in told(shop, step)} for step in RETIRABLE}
    assert ({"compose.yaml"}, {"prometheus.yml"}) == (found["compose"], found["prometheus"])
    assert "systemd/app.service" in found["systemd"] and "infra/nginx/app-upstreams.inc" in found["nginx"]


def test_the_end_is_on_a_day(parted: Path) -> None:
    """It has to be said, after today; what a service has of the entry says nothing of it."""
    assert ["no-sunset"] == in_the_way(parted, "announce")
    with pytest.raises(DecomposerError) as raised:
        in_the_way(parted, "announce", "2020-01-01")
    assert ["usage"] == [problem.code for problem in raised.value.problems]
    make(parted, "announce", "2099-01-01")
    assert "Thu, 01 Jan 2099 00:00:00 GMT" in (parted / "src/app/main.py").read_text()
    app.rollback(options(parted), "users")
    extract(parted, "users")
    assert "sunset" not in (parted / "apps/users/src/app/main.py").read_text().lower()


def test_an_unknown_step(parted: Path) -> None:
    """Is told with those that there are."""
    with pytest.raises(DecomposerError) as raised:
        finishing.finish(options(parted), "everything", "")
    assert f"known: {', '.join(STEPS)}" == raised.value.problems[0].hint


def test_aliases_go_when_nobody_names_them_on_their_day(parted: Path) -> None:
    """Not before; one that is named stays, with the place that names it."""
    ending = _ending(options(parted))
    [alias] = [name for name in ending.tree.everything if name == "src/app/settings.py"]
    assert Mark.BLOCKED is standings(ending)[-1].mark and () == plan(ending, "aliases").change_set.changes
    later = replace(ending, today=ending.today + datetime.timedelta(days=4000))
    gone = plan(later, "aliases")
    assert [] == [problem.path for problem in gone.problems if problem.path == alias]
    assert alias in gone.change_set.paths()
    (parted / "src/app/tool.py").write_text("from app.settings import NAME\n")
    used = replace(_ending(options(parted)), today=later.today)
    [told] = [problem for problem in plan(used, "aliases").problems if problem.path == alias]
    assert told.message.startswith("is named at src/app/tool.py:1")
    assert alias not in plan(used, "aliases").change_set.paths()


def test_no_context_goes_back_once_the_monolith_has_ended(parted: Path) -> None:
    """Nobody would answer for it; the end is taken back first."""
    make(parted, "nginx")
    with pytest.raises(DecomposerError) as raised:
        send_back(options(parted), ("orders",))
    assert ["retired"] == [problem.code for problem in raised.value.problems]
    app.rollback(options(parted), None)
    assert ["orders"] == [one.context for one in send_back(options(parted), ("orders",))]
