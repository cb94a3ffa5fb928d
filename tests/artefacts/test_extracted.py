"""What is rendered for whole applications passes all checks, changes nothing a second time, and serves."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from decomposer import app
from decomposer.scaffold.monolith import unit_settings
from tests.artefacts import checking
from tests.conftest import real_repositories
from tests.proof.conftest import EXAMPLES, REPLICA, taken_apart

pytestmark = pytest.mark.proof
CONTEXTS = 7


APPLICATIONS = {name: name for name in (*EXAMPLES, REPLICA)} | {path.name: str(path) for path in real_repositories()}


@pytest.fixture(scope="module", params=APPLICATIONS)
def application(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An application that everything has left."""
    return taken_apart(APPLICATIONS[request.param], tmp_path_factory)


def test_all_checks_pass(application: Path, tmp_path: Path) -> None:
    """A unit, an image, a workflow and a project for each service, and the files that they share."""
    unit = next(path for path in checking.rendered_files(application, "**/*.service"))
    place = next(line for line in unit.read_text().splitlines() if line.startswith("WorkingDirectory="))
    deployed = place.removeprefix("WorkingDirectory=").partition("/apps/")[0]
    assert CONTEXTS == checking.check_units(application, tmp_path, deployed)
    assert CONTEXTS == checking.check_images(application)
    assert 1 == checking.check_compose(application)
    assert checking.check_prometheus(application) <= 1
    assert CONTEXTS + 1 == checking.check_workflows(application, tmp_path)
    assert CONTEXTS + 1 <= checking.check_projects(application)


def test_rendering_again_changes_nothing(application: Path) -> None:
    """Of any target."""
    planned = app.scaffold(app.Options(repo=application), "all", None)
    assert [] == [change.path for change in planned.change_set.changes]


def test_no_value_of_the_monoliths_unit_is_copied(application: Path) -> None:
    """Of variables that are set there: they may be secrets."""
    texts = [unit.read_text() for unit in application.glob("systemd/*coordinator-api.service")]
    given = [value.partition("=") for text in texts for key, value in unit_settings(text) if key == "Environment"]
    values = [value for name, _, value in given if name != "PYTHONPATH"]
    for unit in checking.rendered_files(application, "**/*.service"):
        assert [] == [value for value in values if value in unit.read_text()]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_image_holds_what_its_service_needs(
    name: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What a Dockerfile copies and installs is enough to serve, and to answer that it is well."""
    root = taken_apart(name, tmp_path_factory)
    for image in checking.rendered_files(root, "apps/*/Dockerfile"):
        _serve(root, image, tmp_path / f"image-{image.parent.name}")


def _serve(root: Path, image: Path, built: Path) -> None:
    """Does what a Dockerfile says in a folder, with the packages of this interpreter."""
    text = image.read_text()
    for source, target in checking.copied(image):
        place = built / "srv" / target.removeprefix("/srv/") if target.startswith("/srv/") else built / "build" / target
        place.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (root / source).is_dir() else shutil.copy)(root / source, place)
    installed = next(line for line in text.splitlines() if "pip install" in line).split("check ")[1].split()
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index",
           "--disable-pip-version-check", "--target", str(built / "site")]  # fmt: skip
    subprocess.run([*pip, *installed], cwd=built / "build", check=True, capture_output=True)
    health, command = (json.loads(line.strip().removeprefix("CMD ")) for line in text.splitlines()
                       if line.strip().startswith("CMD "))  # fmt: skip
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
    old = command[command.index("--port") + 1]
    here = [{old: port, "0.0.0.0": "127.0.0.1"}.get(word, word) for word in command]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    env |= {"PYTHONPATH": os.pathsep.join([str(built / "site"), str(built / "srv")]),
            "COORDINATOR_DATABASE_URL": f"sqlite:///{built}/data.db"}  # fmt: skip
    (built / "srv").mkdir(exist_ok=True)
    alone = [sys.executable, "-m", *here]
    server = subprocess.Popen(alone, cwd=built / "srv", env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        assert _is_well([sys.executable, *health[1:-1], health[-1].replace(old, port)], server), server.communicate()
        with urlopen(f"http://127.0.0.1:{port}/openapi.json", timeout=10) as answer:
            assert json.load(answer)["paths"]
    finally:
        server.terminate()
        server.wait(20)


def _is_well(check: list[str], server: subprocess.Popen[bytes]) -> bool:
    """Whether the image's own check passes before long."""
    for _ in range(100):
        if server.poll() is not None:
            return False
        if subprocess.run(check, capture_output=True).returncode == 0:
            return True
        time.sleep(0.2)
    server.terminate()
    return False
