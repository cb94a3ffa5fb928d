"""The use cases that run everything on one machine: for trying out, and for comparing what is answered."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from decomposer.app.extracting import must_be_known, tree_of, way_of
from decomposer.app.options import Options
from decomposer.app.reading import analysis
from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell import certificates, disk, locate

if TYPE_CHECKING:
    from decomposer.model.smoke import Smoke
    from decomposer.running.smoking import Ask
    from decomposer.running.stack import Stack, Way
    from decomposer.scaffold.system import System, Template
    from decomposer.shell.serving import Line
    from decomposer.verifying import Wish
    from decomposer.verifying.places import Places


@contextmanager
def up(
    options: Options, wish: Wish, path: tuple[str, ...], contexts: tuple[str, ...], port: int,
    line: Line | None = None,
) -> Iterator[Stack]:  # fmt: skip
    """The monolith, unless it has ended, services and nginx, until the context is left; this executes the code.

    `wish.timeout` is how long they may take to begin; `line` is told what they print. The flag files of the repository
    decide who answers. Raises DecomposerError for what is missing, NotStarted for what does not begin.
    """
    from decomposer.running.parts import find_parts
    from decomposer.running.stack import started
    from decomposer.scaffold.nginx.rendering import placed
    from decomposer.shell.probing import make_home
    from decomposer.shell.serving import alone

    places, system, way, template = _prepared(options, wish, path, contexts)
    parts = find_parts(places, system, contexts)
    parts = parts[1:] if system.successor is not None else parts
    configure = partial(_nginx, system, template, way.root / placed(system).flags)
    with alone(make_home(way.root) / "up") as folder, started(folder, way, parts, (port, configure), line) as it:
        yield it


def smoke(options: Options, wish: Wish, path: tuple[str, ...], told: Ask) -> Smoke:
    """What the monolith alone and its services behind nginx answer otherwise to the same requests; executes the code.

    Raises DecomposerError for what is missing, NotStarted for what does not begin within `wish.timeout`.
    """
    from msgspec.structs import replace

    from decomposer.running.owning import Owners
    from decomposer.running.parts import find_parts
    from decomposer.running.smoking import Scene, smoke
    from decomposer.shell.probing import make_home
    from decomposer.shell.serving import alone

    places, system, way, template = _prepared(options, wish, path, told.contexts)
    parts = find_parts(places, system, told.contexts)
    left = [service.context for service in system.serving()]
    if not left:
        raise DecomposerError(Problem("services", 0, "not-extracted", "no context has one yet to compare with",
                                      "decompose extract CONTEXT"))  # fmt: skip
    routed = [part.name for part in parts[1:]]
    with alone(make_home(way.root) / "smoke") as folder:
        os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(folder / "requests"))  # else where it was called
        flags = folder / "flags"
        configure = partial(_nginx, system, template, flags)
        gone = tuple(service.context for service in system.serving() if service.is_cut_over)
        anywhere = tuple(replace(part, port=0) for part in parts)
        recorded = system.contract()
        document = recorded.document if recorded is not None else None
        ended = system.successor is not None
        owners = Owners(system.operations, left, system.finish.rest if ended else "")
        scene = Scene(folder, way, anywhere, owners, configure, flags, document, gone, ended,
                      (*_not_asked(system, routed), *_shared(way.environment)))  # fmt: skip
        return smoke(scene, told)


def _prepared(
    options: Options, wish: Wish, path: tuple[str, ...], contexts: tuple[str, ...]
) -> tuple[Places, System, Way, Template]:
    """Where everything lies, what there is to run, how it is run: as the baseline was where nothing else is said.

    Raises DecomposerError for a context that no rule file defines, and for what is missing.
    """
    from decomposer.extracting.described import describe
    from decomposer.running.stack import Way
    from decomposer.shell.probing import interpreter, start_folder
    from decomposer.verifying.situation import Situation, alike

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    must_be_known(found, contexts)
    given = Situation(listing, found.config, found.rule_set, found.graph, found.assignment, path)
    situation, wish = alike(given, wish, certificates.recorded_way(listing.root))
    common = way_of(listing, found)
    system, _ = describe(tree_of(listing, found), (), common.contract)
    root = Path(os.path.realpath(listing.root))
    python, start = interpreter(wish.interpreter()), start_folder(root, wish.cwd)
    way = Way(root, python, dict(wish.environment), start, wish.timeout,
              contexts=tuple(context.name for context in found.rule_set.contexts))  # fmt: skip
    return situation.places(), system, way, common.template


def _nginx(
    system: System, template: Template, flags: Path, ports: Mapping[str, int], port: int, folder: str
) -> str:  # fmt: skip
    """The whole configuration of nginx for what runs at these ports."""
    from decomposer.running.parts import at_ports
    from decomposer.scaffold.nginx.rendering import whole

    user = "root" if os.geteuid() == 0 else ""  # who may read the flag files, wherever the repository lies
    return whole(at_ports(system, ports), folder, f"127.0.0.1:{port}", template, flags=str(flags), user=user)


def _shared(environment: Mapping[str, str]) -> Iterator[str]:
    """Variables that seem to name a file or folder of which the sides have no copies."""
    for name, value in sorted(environment.items()):
        place = value[value.find("///") + 2:] if "///" in value else value
        place = place.removeprefix("/") if place.startswith("//") else place
        if place.startswith("/") and "{data}" not in value and not place.startswith(("/dev/", "/etc/")):
            yield f"{name} names a place that all sides share: what one writes there, the next one finds " \
                "(--data PATH, and {data} in its value)"  # fmt: skip


def _not_asked(system: System, routed: list[str]) -> Iterator[str]:
    """What is no request that could be made of an OpenAPI document."""
    ours = [o for o in system.operations if not o.context or o.context in routed]
    sockets = sum(operation.method == "WEBSOCKET" for operation in ours)
    hidden = sum(operation.hidden and operation.method not in ("WEBSOCKET", "MOUNT") for operation in ours)
    if sockets:
        yield f"{sockets} websocket route{'s' * (sockets != 1)}: not asked"
    if hidden:
        yield f"{hidden} operation{'s' * (hidden != 1)} not in the OpenAPI document: not asked"
