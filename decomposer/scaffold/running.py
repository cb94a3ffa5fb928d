"""How the monolith's server is started, as far as its services are to be started alike."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from decomposer.scaffold.system import Service, System

_VALUED = ("workers", "forwarded-allow-ips", "timeout-keep-alive", "timeout-graceful-shutdown", "log-level", "loop",
           "http", "ws", "limit-concurrency", "backlog", "limit-max-requests")  # fmt: skip
_PLAIN = ("proxy-headers", "no-proxy-headers", "no-server-header", "no-date-header", "no-access-log")
_OPTION = re.compile(r"""(?<![\w-])--([a-z]+(?:-[a-z]+)*)(?:["',\s=]+([A-Za-z0-9.:*_][A-Za-z0-9.:*,_-]*))?""")
_HOST = re.compile(r"[A-Za-z0-9.:-]+")


def source_folders(system: System, service: Service) -> tuple[str, ...]:
    """The folders of the repository in which a service finds its modules: its own, the core's, those of packages."""
    found = [f"{service.folder}/src"]
    if service.core and system.core is not None:
        found.append(f"{system.core.folder}/src")
    return tuple(dict.fromkeys([*found, *(local.holder for local in service.local)]))


def server_options(command: str) -> tuple[str, ...]:
    """The options of uvicorn that a command, or a script that runs it, gives and that suit a service as well."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in _OPTION.findall(command):
        if name in _PLAIN:
            found[name] = (f"--{name}",)
        elif name in _VALUED and value:
            found[name] = (f"--{name}", value)
    return tuple(word for name in sorted(found) for word in found[name])


def server_host(command: str) -> str:
    """The address that the monolith listens on, this machine's own where nothing tells."""
    given = [value for name, value in _OPTION.findall(command) if name == "host"]
    return given[-1] if given and _HOST.fullmatch(given[-1]) else "127.0.0.1"


def with_scripts(system: System, command: str) -> str:
    """A command of the monolith's unit together with the text of those of the repository's scripts that it runs."""
    return "\n".join([command, *(system.text(path) or "" for path in scripts(system, command))])


def scripts(system: System, command: str) -> Iterator[str]:
    """The paths of the repository's files that a command of the deployed monolith names."""
    for word in words(command):
        path = word.removeprefix(system.monolith.root + "/")
        if path != word and path in system.paths:
            yield path


def words(command: str) -> list[str]:
    """The words of a unit's command, without what systemd is told before the first; [] for one that cannot be read."""
    try:
        found = shlex.split(command)
    except ValueError:
        return []
    return [found[0].lstrip("@-:+!"), *found[1:]] if found else []
