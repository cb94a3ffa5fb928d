"""nginx in front of the monolith and its services: upstreams, locations, and the switch by flag files.

A location names the context; it then hands the request to one of three that all contexts share: one for methods that
may be tried again, one for those that must not, one for websockets. These look for the flag files of the context, on
every request: so the switch needs no reload, and loses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from decomposer.model.problems import Problem
from decomposer.scaffold.nginx.beside import Beside
from decomposer.scaffold.nginx.choosing import EXACT, FIRM, PREFIX, REGEX, Location
from decomposer.scaffold.nginx.existing import (
    LOCATIONS,
    UPSTREAMS,
    edited,
    find_existing,
    settings,
    websocket_settings,
)
from decomposer.scaffold.nginx.locations import locations
from decomposer.scaffold.nginx.route_table import WEBSOCKET, Answer
from decomposer.scaffold.nginx.told import told
from decomposer.scaffold.safety import FOLDER as FOLDER_FORM
from decomposer.scaffold.system import MARK, Artefact, Service, System, Template

FOLDER = "infra/nginx"
HOST = "127.0.0.1"
_NAMED = re.compile(r"[A-Za-z](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_ADDRESS = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}|\[[0-9a-fA-F:]+\]")
HEADERS = (
    "proxy_set_header Host $host;",
    "proxy_set_header X-Real-IP $remote_addr;",
    "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
    "proxy_set_header X-Forwarded-Proto $scheme;",
)
"""What a request is told of where it came from, where nothing says it yet."""
PATIENT = ("proxy_read_timeout 1h;", "proxy_send_timeout 1h;")
"""How long a websocket may be silent, where nothing says it yet."""


@dataclass(frozen=True, slots=True)
class Names:
    """What everything of a system is called in nginx: its upstreams, variables and files.

    `up` is what upstreams begin with, `var` what variables do; `folder` holds the files, in the repository.
    """

    up: str
    var: str
    folder: str

    @property
    def upstreams(self) -> str:
        """The file for the http level."""
        return f"{self.folder}/{self.up}{UPSTREAMS}"

    @property
    def locations(self) -> str:
        """The file for the server level."""
        return f"{self.folder}/{self.up}{LOCATIONS}"

    @property
    def flags(self) -> str:
        """The folder of the flag files."""
        return f"{self.folder}/flags"


def is_rendered(path: str) -> bool:
    """Whether a path is that of a file which nginx includes, as it is rendered."""
    return path.endswith((f"-{UPSTREAMS}", f"-{LOCATIONS}"))


def names(system: System, folder: str = FOLDER) -> Names:
    """What everything is called, after the prefix of the monolith's units."""
    up = system.monolith.prefix or f"{system.monolith.name}-"
    var = re.sub(r"\W", "_", up).strip("_")
    return Names(up, var if var[:1].isalpha() else f"to_{var}", folder)


def placed(system: System) -> Names:
    """The same where the files are rendered: beside the configuration that is there."""
    existing, _ = find_existing(system)
    return names(system, existing.path.rpartition("/")[0] or "." if existing else FOLDER)


def render(system: System, services: tuple[Service, ...], template: Template) -> Iterator[Artefact | Problem]:
    """The files for the http and the server level, the folder of flags, and the edit that includes them.

    They are for all services, whichever are asked for.
    """
    if not any(not service.is_core for service in services):
        return
    existing, problems = find_existing(system)
    yield from problems
    called = names(system, existing.path.rpartition("/")[0] or "." if existing else FOLDER)
    if not FOLDER_FORM.fullmatch(called.folder):
        yield Problem(called.folder, 0, "unsafe-name", "no file there can be named in a configuration",
                      "give the folder a name of letters, digits, - and _")  # fmt: skip
        return
    values = _values(system, called, f"{system.monolith.root}/{called.flags}", existing.host if existing else HOST)
    if existing is None or not existing.servers:
        found = locations(system.operations, contexts(system))
        values |= _located(found, called) | {"settings": HEADERS, "websocket_settings": (*HEADERS, *PATIENT)}
        if existing is not None and not system.deploy.port:
            yield Problem(
                existing.path, 0, "nginx-alone", "includes what is rendered, and nothing else in it leads to the port "
                f"{system.monolith.port}, where the monolith listens: whether anything leads there is not known",
                "say the port that it has there: [deploy] port = … in decompose.toml",
                "error" if system.successor else "warning",
            )  # fmt: skip
    else:
        beside = Beside(system, existing).settled()
        found = beside.locations()
        values |= _located(found, called)
        values |= {"settings": settings(existing, existing.main), "websocket_settings": websocket_settings(existing)}
        closed = next((one for one in beside.server.locations if one.kind in (PREFIX, FIRM)
                       and system.internal and one.text == f"{system.internal}/"), None)  # fmt: skip
        if closed is not None:
            values["internal"] = ""
            yield Problem(existing.path, 0, "internal-location", f"has a location {closed.text} already: services call "
                          "each other below it, and nobody else may", "return 404 there", "warning")  # fmt: skip
        yield from told(beside, found)
    yield Artefact(called.upstreams, template("nginx_http.j2", **values))
    yield Artefact(called.locations, template("nginx_server.j2", **values))
    yield Artefact(f"{called.flags}/.gitignore", f"# {MARK}\n# Flags are the state of a deployment.\n*\n!.gitignore\n")
    root = system.monolith.root
    if existing is None:
        path = f"{called.folder}/{system.monolith.name}.conf"
        yield Artefact(path, template("nginx_site.j2", root=root, **values))
    elif existing.servers:
        address = f"{values['hosts'][values['rest'].context]}:{values['rest'].port}" if values["rest"] else ""
        text = edited(existing, f"{root}/{called.upstreams}", f"{root}/{called.locations}", address)
        yield Artefact(existing.path, text, is_edit=True)


def whole(
    system: System, folder: str, listen: str, template: Template, flags: str = "", workers: int = 1,
    access_log: str = "off", user: str = "",
) -> str:  # fmt: skip
    """A complete nginx.conf that serves the system on one machine, everything of nginx's own below `folder`.

    `listen` is its address, as `127.0.0.1:8080`; `flags` the folder of the flag files, where it is another one than
    where the repository is deployed. `user` is who its workers are when root starts it: they have to be able to read
    the flag files, and the configuration's own user might not be.
    """
    called = names(system)
    values = _values(system, called, flags or f"{system.monolith.root}/{called.flags}")
    values |= _located(locations(system.operations, contexts(system)), called)
    headers = [setting.replace("$host", "$host:$server_port") for setting in HEADERS]
    values |= {"mark": "", "settings": headers, "websocket_settings": [*headers, *PATIENT]}
    return template(
        "nginx_whole.j2", folder=folder, listen=listen, workers=workers, access_log=access_log, user=user,
        var=called.var,
        http=template("nginx_http.j2", **values), server=template("nginx_server.j2", **values),
    )  # fmt: skip


def contexts(system: System) -> list[str]:
    """The contexts that have a service."""
    return [service.context for service in system.serving()]


def hosts(system: System, host: str) -> dict[str, str]:
    """The host of each context, and of the monolith as "", where `host` is what leads to the monolith today.

    Where that is the name of a container, services have containers too; else they are where the monolith is.
    """
    if not _NAMED.fullmatch(host) or host == "localhost":
        host = host if _ADDRESS.fullmatch(host) else HOST
        return dict.fromkeys(["", *contexts(system)], host)
    return {context: host if "." in host else context or host for context in ["", *contexts(system)]}


def _values(system: System, called: Names, flags: str, host: str = HOST) -> dict[str, Any]:
    """What the templates of both files are rendered with, but for the locations.

    `rest` is the service that takes the monolith's place for whatever is nobody's, None while that has its place: with
    one there is nothing to switch, and nobody stands in for a service.
    """
    rest = system.successor
    services = [replace(one, is_cut_over=True) for one in system.serving()] if rest else system.serving()
    ends = [*([] if rest else ["monolith"]), *(service.context for service in services if service.is_cut_over)]
    return {
        "mark": MARK, "names": called, "up": called.up, "var": called.var, "ends": [called.up + name for name in ends],
        "hosts": hosts(system, host), "monolith": system.monolith,
        "services": services, "rest": rest, "header": system.deploy.header, "flags": flags,
        "internal": system.internal,
    }  # fmt: skip


def _located(found: Sequence[Location], called: Names) -> dict[str, Any]:
    """The locations, and the maps for those whose methods have several owners, as the templates take them."""
    mixes = list(dict.fromkeys(_mixed(one.answer) for one in found if one.answer and one.answer.methods))
    return {
        "mixes": [
            {"owner": mixed.owner, "methods": mixed.methods, "websocket": WEBSOCKET in dict(mixed.methods),
             "paths": [matched(one) for one in found if one.answer and _mixed(one.answer) == mixed]}
            for mixed in mixes
        ],
        "locations": [
            {"matched": matched(one), "rules": one.answer.rules, "takes_websockets": one.takes_websockets,
             "context": _context(one.answer, mixes, called.var)}
            for one in found if one.answer is not None
        ],
    }  # fmt: skip


def _mixed(answer: Answer) -> Answer:
    return Answer(answer.owner, answer.methods)


def _context(answer: Answer, mixes: Iterable[Answer], var: str) -> str:
    """The context of a location as nginx's `set` takes it: by name, or by the map on the method."""
    if answer.methods:
        return f"${var}_owner_{list(mixes).index(_mixed(answer)) + 1}"
    return answer.owner or "monolith"


def matched(location: Location) -> str:
    """What follows the word `location`."""
    if location.kind == EXACT:
        return f"= {location.text}"
    if location.kind == REGEX:
        return f'~ "{location.text}"' if re.search(r"[{};\s]", location.text) else f"~ {location.text}"
    return location.text
