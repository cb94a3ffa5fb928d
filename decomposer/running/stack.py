"""Everything started together in a folder of its own, and ended together."""

from __future__ import annotations

import json
import os
import secrets
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from decomposer.running.parts import MONOLITH, NGINX, Part
from decomposer.scaffold.calls import TOKEN, variable
from decomposer.scaffold.together import GATEWAY
from decomposer.shell import locate
from decomposer.shell.probing import surroundings, visible
from decomposer.shell.serving import Line, Server, Servers, find_nginx, listening, port_of

SERVED_BY = "x-decompose-served-by"
"""The header by which an answer tells who gave it, where that is asked for."""


Configure = Callable[[Mapping[str, int], int, str], str]
"""The configuration of nginx for the ports of all applications by name, its own port, and a folder of its own."""


class Way(Struct, frozen=True):
    """How a stack is run: the repository, the interpreter, the variables given, a start folder, seconds to begin in.

    `tells` says that each answer is to name who gave it; `contexts` are all that there are, so that whoever calls one
    finds its service, or the monolith.
    """

    root: Path
    python: str
    environment: Mapping[str, str]
    start: Path | None
    patience: float
    tells: bool = False
    contexts: tuple[str, ...] = ()


class Stack(Struct, frozen=True):
    """What is running: each server by name, and how to ask for those that have ended by themselves.

    `variables` tell others where all of it is, and the token by which services know each other.
    """

    servers: Servers
    all: Mapping[str, Server]
    variables: Mapping[str, str]


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
    environment = surroundings(work, way.environment) | {"PYTHONUNBUFFERED": "1"}
    with listening(wanted) as sockets, Servers(
        folder, work, environment | (calls := _calls(way, parts, sockets)), way.environment, line
    ) as servers:
        running = {}
        for part, found in zip(parts, sockets, strict=False):
            command = _command(folder, way, part, found.fileno())
            running[part.name] = Server(part.name, command, port_of(found), part.live)
            servers.start(running[part.name], found)
            if len(running) == 1 or parts[0].name != MONOLITH:
                # The monolith makes all tables of a fresh database. Without it each service makes its own, and those
                # that all have in common: at once, they would get in each other's way.
                servers.wait_for(running.values(), way.patience)
        servers.wait_for(running.values(), way.patience)
        if proxy is not None:
            port = port_of(sockets[-1])
            sockets[-1].close()  # nginx opens its own
            numbers = {name: server.port for name, server in running.items()}
            running[NGINX] = _nginx(nginx, folder / NGINX, port, proxy[1](numbers, port, str(folder / NGINX)))
            servers.start(running[NGINX])
            servers.wait_for([running[NGINX]], way.patience)
        told = {variable(name): server.url for name, server in running.items() if name != NGINX}
        told |= {GATEWAY: running[NGINX].url} if NGINX in running else {}
        yield Stack(servers, running, {**way.environment, **calls, **told})


def _calls(way: Way, parts: Sequence[Part], sockets: Sequence[socket.socket]) -> dict[str, str]:
    """How those that run call each other: a token that nobody else knows, and where each context is."""
    ports = {part.name: port_of(found) for part, found in zip(parts, sockets, strict=False)}
    there = {variable(name): f"http://127.0.0.1:{ports.get(name, ports[parts[0].name])}" for name in way.contexts}
    return {name: value for name, value in ({TOKEN: secrets.token_urlsafe()} | there).items()
            if name not in way.environment}  # fmt: skip


def _nginx(program: str, folder: Path, port: int, configuration: str) -> Server:
    """Nginx with a configuration, which is written into a folder of its own."""
    folder.mkdir(exist_ok=True)
    place = folder / "nginx.conf"
    place.write_text(configuration)
    return Server(NGINX, (program, "-e", "stderr", "-p", str(folder), "-c", str(place)), port)


def _command(folder: Path, way: Way, part: Part, opened: int) -> tuple[str, ...]:
    """The words that serve an application, after what they need is written down."""
    request = folder / f"{part.name}.json"
    request.write_text(json.dumps({
        **msgspec.to_builtins(part.target), "root": os.path.realpath(way.root), "fd": opened,
        "code_cache": str(folder.parent / "code"), "headers": [(SERVED_BY, part.name)] if way.tells else [],
    }))  # fmt: skip
    return (way.python, "-s", "-B", str(locate.data_folder("probes") / "serve.py"), str(request))
