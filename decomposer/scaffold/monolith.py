"""How the monolith is deployed, as its unit, its Dockerfile and its metrics tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from decomposer.model.config import Config
from decomposer.model.problems import Problem
from decomposer.scaffold.system import MARK, Monolith

Text = Callable[[str], str | None]

PORT = re.compile(r"""--port[\s=,"']+(\d{2,5})\b|--bind[\s=,"']+[\w.\[\]:]*?:(\d{2,5})\b""")
_EXPOSED = re.compile(r"^EXPOSE\s+(\d{2,5})\b", re.MULTILINE | re.IGNORECASE)
_SETTING = re.compile(r"^(\w+)=(.*)$", re.MULTILINE)
DEFAULT_PORT = 8000
RETIRED = ".retired"
"""How the name of a unit ends that is kept and not started."""


def find_monolith(
    config: Config, paths: Sequence[str], text: Text, has_metrics: bool
) -> tuple[Monolith, list[Problem]]:  # fmt: skip
    """The monolith as it is deployed, and a warning for what had to be guessed; `text` gives a file's text."""
    folder = config.project().rstrip("/") or "."
    name = re.sub(r"[^a-z0-9-]+", "-", (folder.rpartition("/")[2] if folder != "." else config.package).lower())
    unit = _unit(config, folder, name, paths, text)
    image = next((path for path in (f"{folder}/Dockerfile".removeprefix("./"), "Dockerfile") if path in paths), "")
    settings = unit_settings(text(unit) or "") if unit else []
    root = config.deploy.root or _root(config, folder, settings) or f"/srv/{name}"
    port = config.deploy.port or next(_ports(name, settings, root, image, paths, text), 0)
    problems = [] if port else [Problem(
        config.source or ".", 0, "port-guessed", f"nothing tells the port of {name}: {DEFAULT_PORT} is taken",
        "say it in decompose.toml: [deploy] port = …", "warning",
    )]  # fmt: skip
    stem = unit_stem(unit)
    prefix = stem.removesuffix(name) if stem.endswith(name) else ""
    own = config.core_name().removesuffix("core")
    application = config.entries[0] if config.entries else f"{config.package}.main:app"
    return Monolith(
        name, folder, config.source, config.package, application, port or DEFAULT_PORT, root,
        config.deploy.prefix or prefix or own, unit, image, has_metrics,
    ), problems  # fmt: skip


def unit_settings(text: str) -> list[tuple[str, str]]:
    """The settings of a systemd unit in order, continued lines joined."""
    return [(key, value.strip()) for key, value in _SETTING.findall(text.replace("\\\n", " "))]


def unit_stem(path: str) -> str:
    """What a unit is called without the endings."""
    return path.rpartition("/")[2].removesuffix(RETIRED).removesuffix(".service")


def _unit(config: Config, folder: str, name: str, paths: Sequence[str], text: Text) -> str:
    """The unit that runs the monolith: named after it, or starting its application, and not rendered for a service."""
    units = [path for path in paths if path.endswith(".service")]
    units += [path for path in paths if path.endswith(f".service{RETIRED}")]
    units = [path for path in units if MARK not in (text(path) or "")]
    entry = config.entries[0] if config.entries else ""
    named = [path for path in units if unit_stem(path).endswith(name)]
    starting = [path for path in units if entry and any(
        key == "ExecStart" and entry in value for key, value in unit_settings(text(path) or ""))
        and (folder == "." or folder in (text(path) or ""))]  # fmt: skip
    found = [path for path in starting if path in named] or named or starting
    return min(found, key=lambda path: (path.count("/"), len(path), path), default="")


def _root(config: Config, folder: str, settings: Sequence[tuple[str, str]]) -> str:
    """The repository's folder where the unit finds it."""
    below = sorted({f"/{config.source}", f"/{folder}" if folder != "." else ""} - {"", "/"}, key=len, reverse=True)
    for key, value in settings:
        if key == "WorkingDirectory" and value.startswith("/"):
            place = value.rstrip("/")
            return next((place.removesuffix(end) for end in below if place.endswith(end)), place)
    return ""


def _ports(
    name: str, settings: Sequence[tuple[str, str]], root: str, image: str, paths: Sequence[str], text: Text
) -> Iterator[int]:
    """The ports that files tell, the most telling one first."""
    for key, value in settings:
        if key == "ExecStart":
            yield from _said(value)
            for word in value.split():  # a script of the repository that starts it
                if word.startswith(root + "/"):
                    yield from _said(text(word.removeprefix(root + "/")) or "")
    dockerfile = text(image) or "" if image else ""
    yield from _said(dockerfile)
    yield from map(int, _EXPOSED.findall(dockerfile))
    for path in paths:
        if path.rpartition("/")[2] in ("prometheus.yml", "prometheus.yaml"):
            _, _, job = (text(path) or "").partition(name)
            yield from map(int, re.findall(r"targets:[^\n]*?:(\d{2,5})\b", job)[:1])


def _said(text: str) -> Iterator[int]:
    yield from (int(one or other) for one, other in PORT.findall(text))
