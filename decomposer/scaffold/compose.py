"""The services beside the monolith in the compose file that there is, or in one of their own.

Of the monolith's own entry a service has what is not a matter of its image. Its variables are shared by an alias, so
that no value is written twice.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from dataclasses import replace

from decomposer.model.problems import Problem
from decomposer.scaffold.compose_calls import settings, with_calls
from decomposer.scaffold.compose_file import NGINX, find_compose, monolith_entry, own_port
from decomposer.scaffold.dockerfile import health_command, image_path
from decomposer.scaffold.image import is_roots
from decomposer.scaffold.monolith import unit_settings
from decomposer.scaffold.nginx.existing import find_existing
from decomposer.scaffold.nginx.rendering import placed
from decomposer.scaffold.system import MARK, Artefact, Service, System, Template
from decomposer.scaffold.systemd import variables_of
from decomposer.scaffold.yaml_text import (
    Insertion,
    Node,
    block,
    find,
    inserted,
    into_sequence,
    is_flow,
    items,
    named_otherwise,
    offset_after,
    pairs,
    parse,
    scalar,
    shared,
    source,
    texts,
    without_block,
)

WHAT = "services"
_ALIKE = ("restart", "user", "env_file", "volumes", "networks", "secrets", "configs", "extra_hosts", "logging",
          "profiles", "init", "stop_grace_period")  # fmt: skip
PROFILE = "retired"
"""The profile of an entry that is not started any more."""
_HEALTHY = ("/health/live", "/health", "/healthz")


def render(system: System, services: tuple[Service, ...], template: Template) -> Iterator[Artefact | Problem]:
    """The one compose file with all services in it."""
    if all(service.is_core for service in services):
        return
    path = find_compose(system)
    if not path:
        yield Artefact("compose.yaml", _new(system, template))
        return
    text, known = without_block(with_calls(system, path, system.text(path) or ""), WHAT)
    root = parse(text)
    if root is None or find(root, "services") is None:
        yield Problem(path, 0, "compose-unread", "cannot be read as a compose file: no service is added to it",
                      "docker compose config tells what is wrong", "warning")  # fmt: skip
        return
    there = {name for name, _, _ in pairs(find(root, "services"))}
    for service in system.serving():
        if service.context in there:
            yield Problem(path, 0, "kept", f"has a service `{service.context}` already: it stays as it is",
                          "take it out to have it rendered", "warning")  # fmt: skip
    added = [service for service in system.serving() if service.context not in there]
    yield Artefact(path, _edited(system, path, text, known, added, template), is_edit=True)


def _edited(
    system: System, path: str, text: str, known: int, added: list[Service], template: Template
) -> str:  # fmt: skip
    """The compose file with the services between two lines, and behind those that lead to them."""
    root = parse(text)
    listed = find(root, "services")
    name, entry = monolith_entry(system, path, root)
    alike, insertions = _alike(system, text, name, entry)
    if entry is not None and system.is_retired("compose"):
        insertions += _retired(system, text, name, root)
    folder = posixpath.dirname(path) or "."
    context = posixpath.relpath(".", folder)
    entries = [
        template("compose.service.j2", service=service, context=context, dockerfile=image_path(service),
                 health=health_command(service), alike=alike)
        for service in added
    ]  # fmt: skip
    for _, key, other in pairs(listed):
        if NGINX.match(scalar(find(other, "image")).rpartition("/")[2]) and _leads(system, path, name, other):
            insertions += _dependent(text, key, other, added)
            insertions += _included(system, path, text, other)
    column = listed.start_mark.column if listed.id == "mapping" and listed.value else 2
    if known < 0:
        last = listed.value[-1][1] if listed.id == "mapping" and listed.value else listed
        known = offset_after(text, last, column)
    return inserted(text, [*insertions, Insertion(known, block(WHAT, entries, column))] if entries else insertions)


def _alike(system: System, text: str, name: str, entry: Node) -> tuple[list[str], list[Insertion]]:
    """What services have as the monolith's entry has it, as lines, and the anchor that it needs for that."""
    found: list[str] = []
    insertions: list[Insertion] = []
    told = settings(system, name or system.monolith.name, own_port(system, name, entry))
    if told and find(entry, "environment") is None:
        found += ["environment:", *(f"  {one.name}: {one.value}" for one in told)]
    for wanted, key, value in pairs(entry):
        if wanted == "environment" and value.id != "scalar":
            anchor, named = shared(text, key, value, name)
            insertions += named
            found.append(f"environment: *{anchor}")
        elif wanted in _ALIKE and not (wanted == "profiles" and texts(value) == [PROFILE]):
            written = source(text, value)
            lines = [f"{wanted}: {written}"] if is_flow(value) else [f"{wanted}:", *(
                f"  {line}" for line in written.splitlines())]  # fmt: skip
            found += lines
    waited = find(entry, "depends_on")
    if not system.is_retired("compose"):
        found += _after(text, waited, name)
    elif waited is not None and waited.value:
        written = source(text, waited)
        found += [f"depends_on: {written}"] if is_flow(waited) else [
            "depends_on:", *(f"  {line}" for line in written.splitlines())]  # fmt: skip
    keeps = find(entry, "volumes") is not None and find(entry, "user") is None
    if keeps and system.monolith.image and is_roots(system):
        found += ["# as the monolith, whose files in these volumes are root's", 'user: "0:0"']
    return found, insertions


def _after(text: str, waits: Node, name: str) -> list[str]:
    """What a service waits for, as lines: what the monolith does, and the monolith: it makes what a database needs."""
    if waits is None or waits.id != "mapping" or not waits.value:
        return [f"depends_on: [{', '.join([*texts(waits), name])}]"]
    written = source(text, waits)
    if is_flow(waits):
        return [f"depends_on: {written[:-1].rstrip()}, {name}: {{ condition: service_started }} }}"]
    return ["depends_on:", *(f"  {line}" for line in written.splitlines()), f"  {name}:",
            "    condition: service_started"]  # fmt: skip


def _retired(system: System, text: str, name: str, root: Node) -> Iterator[Insertion]:
    """The monolith's entry started only by its profile, so that it can still be; and nobody else waits for it.

    The entry stays, for services have things of it by its anchors.
    """
    entry = find(root, "services", name)
    if find(entry, "profiles") is None and not is_flow(entry):
        column = entry.start_mark.column
        yield Insertion(offset_after(text, entry, column), f"{' ' * column}profiles: [{PROFILE}]\n")
    other = system.rest.context if system.rest else ""
    for service, _, one in pairs(find(root, "services")):
        if service != name:
            yield from named_otherwise(text, find(one, "depends_on"), name, other)


def _leads(system: System, path: str, name: str, entry: Node) -> bool:
    """Whether an nginx leads to the monolith: it waits for that, or a service, or has the configuration that does.

    Another product's may be in the same file.
    """
    ours = {name, *(service.context for service in system.serving())} - {""}
    if ours & {*texts(find(entry, "depends_on")), *(link.partition(":")[0] for link in texts(find(entry, "links")))}:
        return True
    existing, _ = find_existing(system)
    told = existing.path if existing is not None else f"{placed(system).folder}/{system.monolith.name}.conf"
    return any(f"{told}/".startswith(f"{mount}/") for mount in _mounted(path, entry))


def _mounted(path: str, entry: Node) -> set[str]:
    """What of the repository an entry has in its container."""
    volumes = find(entry, "volumes")
    named = [*(volume.partition(":")[0] for volume in texts(volumes)),
             *(scalar(find(volume, "source")) for volume in items(volumes))]  # fmt: skip
    return {posixpath.normpath(posixpath.join(posixpath.dirname(path), one)) for one in named if one.startswith(".")}


def _included(system: System, path: str, text: str, entry: Node) -> Iterator[Insertion]:
    """The folder of what nginx's configuration includes, where an entry mounts that configuration out of it."""
    existing, _ = find_existing(system)
    volumes = find(entry, "volumes")
    if existing is None or volumes is None:
        return
    folder = posixpath.dirname(path)
    if existing.path in _mounted(path, entry):
        home = placed(system).folder
        here = posixpath.relpath(home, folder or ".")
        added = f"{here if here.startswith('.') else f'./{here}'}:{system.monolith.root}/{home}:ro"
        if added not in texts(volumes):
            yield from into_sequence(text, volumes, [json.dumps(added)])


def _dependent(text: str, key: Node, entry: Node, added: list[Service]) -> Iterator[Insertion]:
    """The services among those that an entry waits for."""
    listed = find(entry, "depends_on")
    new = [service.context for service in added if service.context not in texts(listed)]
    if listed is None:
        if entry.id == "mapping" and not entry.flow_style and new:
            column = entry.start_mark.column
            yield Insertion(offset_after(text, entry, column), f"{' ' * column}depends_on: [{', '.join(new)}]\n")
    elif listed.id == "sequence":
        yield from into_sequence(text, listed, new)
    elif listed.id == "mapping" and not listed.flow_style and new:
        column = listed.start_mark.column
        lines = "".join(f"{' ' * column}{name}:\n{' ' * column}  condition: service_started\n" for name in new)
        yield Insertion(offset_after(text, listed, column), lines)


def _new(system: System, template: Template) -> str:
    """A compose file of the services, and of the monolith where it has an image."""
    monolith = system.monolith
    own = {operation.path for operation in system.operations if not operation.context}
    live = next((path for path in _HEALTHY if path in own), "")
    told = unit_settings(system.text(monolith.unit) or "") if monolith.unit else []
    alike = ["restart: unless-stopped", "env_file:", "  - path: .env", "    required: false"]
    named = {name: f"${{{name}:?}}" for name in sorted(variables_of(told))}
    named |= {one.name: one.value for one in settings(system, monolith.name, monolith.port)}
    if named:
        alike += ["environment:", *(f"  {name}: {value}" for name, value in named.items())]
    alike += ["networks: [services]"]
    if system.is_retired("compose"):
        monolith = replace(monolith, image="")
    after = [f"depends_on: [{monolith.name}]"] if monolith.image else []
    entries = [
        template("compose.service.j2", service=service, context=".", dockerfile=image_path(service),
                 health=health_command(service), alike=[*alike, *after])
        for service in system.serving()
    ]  # fmt: skip
    health = json.dumps(["python", "-c", "from urllib.request import urlopen; "
                         f"urlopen('http://127.0.0.1:{monolith.port}{live}', timeout=3)"]) if live else ""  # fmt: skip
    return template("compose.yaml.j2", mark=MARK, monolith=monolith, entries=entries, alike=alike, health=health)
