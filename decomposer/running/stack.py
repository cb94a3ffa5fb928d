"""Everything started together in a folder of its own, and ended together."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from decomposer.running.parts import NGINX, Part
from decomposer.shell import locate
from decomposer.shell.probing import surroundings, visible
from decomposer.shell.serving import Line, Server, Servers, find_nginx, free_ports

SERVED_BY = "x-decompose-served-by"
"""The header by which an answer tells who gave it, where that is asked for."""


Configure = Callable[[Mapping[str, int], int, str], str]
"""The configuration of nginx for the ports of all applications by name, its own port, and a folder of its own."""


class Way(Struct, frozen=True):
    """How a stack is run: the repository, the interpreter, the variables given, a start folder, seconds to begin in.

    `tells` says that each answer is to name who gave it.
    """

    root: Path
    python: str
    environment: Mapping[str, str]
    start: Path | None
    patience: float
    tells: bool = False


class Stack(Struct, frozen=True):
    """What is running: each server by name, and how to ask for those that have ended by themselves."""

    servers: Servers
    all: Mapping[str, Server]


@contextmanager
def started(
    folder: Path, way: Way, parts: Sequence[Part], proxy: tuple[int, Configure] | None, line: Line | None = None
) -> Iterator[Stack]:  # fmt: skip
    """Some applications, and nginx before them where a port for it and its configuration are given.

    Raises NotStarted for what does not begin, DecomposerError where there is no nginx.
    """
    nginx = find_nginx() if proxy is not None else ""
    work = folder / "work"
    work.mkdir(parents=True, exist_ok=True)
    for item in visible(way.start):
        if not os.path.lexists(work / item.name):
            os.symlink(os.path.abspath(item.path), work / item.name)
    wanted = [part.port for part in parts] + ([proxy[0]] if proxy is not None else [])
    ports = free_ports(wanted)
    environment = surroundings(work, way.environment) | {"PYTHONUNBUFFERED": "1"}
    with Servers(folder, work, environment, way.environment, line) as servers:
        running = {}
        for part, port in zip(parts, ports, strict=False):
            running[part.name] = Server(part.name, _command(folder, way, part, port), port, part.live)
            servers.start(running[part.name])
            if len(running) == 1:  # the monolith makes the tables of a fresh database, which all have in common
                servers.wait_for(running.values(), way.patience)
        servers.wait_for(running.values(), way.patience)
        if proxy is not None:
            place = folder / NGINX
            place.mkdir(exist_ok=True)
            configuration = place / "nginx.conf"
            numbers = {name: server.port for name, server in running.items()}
            configuration.write_text(proxy[1](numbers, ports[-1], str(place)))
            command = (nginx, "-e", "stderr", "-p", str(place), "-c", str(configuration))
            running[NGINX] = Server(NGINX, command, ports[-1], parts[0].live)
            servers.start(running[NGINX])
            servers.wait_for([running[NGINX]], way.patience)
        yield Stack(servers, running)


def _command(folder: Path, way: Way, part: Part, port: int) -> tuple[str, ...]:
    """The words that serve an application, after what they need is written down."""
    request = folder / f"{part.name}.json"
    request.write_text(json.dumps({
        **msgspec.to_builtins(part.target), "root": os.path.realpath(way.root), "port": port,
        "code_cache": str(folder.parent / "code"), "headers": [(SERVED_BY, part.name)] if way.tells else [],
    }))  # fmt: skip
    return (way.python, "-s", "-B", str(locate.data_folder("probes") / "serve.py"), str(request))
