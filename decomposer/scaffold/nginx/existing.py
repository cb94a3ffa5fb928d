"""The repository's own nginx configuration: which servers lead to the monolith, and under which rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from decomposer.model.problems import Problem
from decomposer.scaffold.nginx.choosing import ANYCASE, EXACT, FIRM, PREFIX, REGEX, Chooser, Location
from decomposer.scaffold.nginx.syntax import Directive, parse, walk
from decomposer.scaffold.system import MARK, System

CARRIED = ("allow", "deny", "satisfy", "auth_", "limit_req", "limit_conn", "limit_rate", "client_")
"""What directives begin with that hold for a location of ours when they hold for its paths today."""
UPSTREAMS, LOCATIONS = "upstreams.inc", "locations.inc"
"""How the names of the files end that are rendered for the http level and for the server level."""
_LEFT_OUT = ("proxy_pass", "proxy_http_version", "proxy_next_upstream", "proxy_redirect", "proxy_connect_timeout")


@dataclass(frozen=True)
class Server:
    """A server: its locations as nginx chooses among them, and those that lead to the monolith."""

    directive: Directive
    locations: tuple[Location, ...]
    places: dict[tuple[str, str], Directive]
    leading: frozenset[tuple[str, str]]

    def today(self, path: str) -> Directive | None:
        """The location of a path, None where there is none."""
        found = Chooser(self.locations).choose(path)
        return None if found is None else self.places[found.kind, found.text]

    def reaches(self, location: Directive) -> bool:
        """Whether a location leads to the monolith."""
        return _key(location) in self.leading

    def leads(self, location: Directive) -> bool:
        """Whether a location leads to the monolith, and to the path that was asked for."""
        return self.reaches(location) and not is_mapped(location)


@dataclass(frozen=True)
class Existing:
    """A configuration file with servers that lead to the monolith, to the `host` and `port` that it has there.

    There are none where it includes what is rendered, and nothing else in it leads to the monolith any more.
    """

    path: str
    text: str
    directives: tuple[Directive, ...]
    servers: tuple[Server, ...]
    port: int
    host: str

    @property
    def main(self) -> Directive:
        """The location that most of the monolith's requests take: the shortest prefix that leads there."""
        leading = [server.places[key] for server in self.servers for key in server.leading]
        return min(leading, key=lambda one: (_key(one)[0] not in (PREFIX, FIRM), len(_key(one)[1]), one.line))

    def server_of(self, location: Directive) -> Server:
        """The server that a location is in."""
        return next(server for server in self.servers if location in server.places.values())


def find_existing(system: System) -> tuple[Existing | None, list[Problem]]:
    """The nginx configuration that leads to the monolith, None where there is none; and what is to be known of it."""
    found, problems = [], []
    for path in system.paths:
        name = path.rpartition("/")[2]
        if not (name.endswith((".conf", ".conf.example", ".conf.sample", ".nginx")) or name == "nginx.conf"):
            continue
        text = system.text(path) or ""
        if not re.search(r"\bserver\s*\{", text) or not ("proxy_pass" in text or LOCATIONS in text):
            continue
        try:
            directives = parse(text)
        except ValueError as error:
            problems.append(Problem(path, 0, "nginx-unread", f"is no nginx configuration that can be read: {error}",
                                    "mend it, and render again", "warning"))  # fmt: skip
            continue
        found += [(path, text, directives)]
    including = [one for one in found if MARK not in one[1] and _includes(one[2])]
    successor = [system.successor.port] if system.successor else []
    for port in (system.monolith.port, *successor, None):
        fits = [one for path, text, directives in including or found
                if (one := _leading(system, path, text, directives, port))]  # fmt: skip
        if fits:
            best = min(fits, key=lambda one: (-sum(len(s.leading) for s in one.servers), one.path.count("/"), one.path))
            for one in fits:
                if one is not best:
                    problems.append(Problem(
                        one.path, one.servers[0].directive.line, "nginx-other", "leads to the monolith too, and stays "
                        f"as it is: {best.path} is edited", "include the two files there as well if it is in use",
                        "warning",
                    ))  # fmt: skip
            return best, problems
    path, text, directives = including[0] if including else ("", "", ())
    return Existing(path, text, directives, (), system.monolith.port, "") if path else None, problems


def _includes(directives: tuple[Directive, ...]) -> bool:
    """Whether a configuration includes what is rendered for the server level."""
    return any(one.name == "include" and one.words[:1] and one.words[0].endswith(f"-{LOCATIONS}")
               for one in walk(directives))  # fmt: skip


def _leading(
    system: System, path: str, text: str, directives: tuple[Directive, ...], port: int | None
) -> Existing | None:  # fmt: skip
    """A file as one that leads to the monolith, by its port; where none is given, to where most of its paths are."""
    upstreams = {one.words[0]: [server.words[0] for server in one.all("server") if server.words]
                 for one in walk(directives) if one.name == "upstream" and one.words}  # fmt: skip
    every = [one for one in walk(directives) if one.name == "server" and one.block is not None]
    if port is None:
        is_one = _is_its if _includes(directives) else _is_most
        ports = [_ports(one, upstreams) for server in every for one in server.all("location") if is_one(system, one)]
        if not ports or len(ports[0]) != 1:
            return None
        port = next(iter(ports[0]))
    servers: list[Server] = []
    hosts: list[str] = []
    for server in every:
        places = {_key(one): one for one in server.all("location") if one.words}
        leading = frozenset(key for key, one in places.items() if port in _ports(one, upstreams))
        hosts += [host for key in sorted(leading) for host, of in _addresses(places[key], upstreams) if of == port]
        if leading:
            made = tuple(Location(kind, text) for kind, text in places)
            servers.append(Server(server, made, places, leading))
    return Existing(path, text, directives, tuple(servers), port, hosts[0]) if servers else None


def _is_most(system: System, location: Directive) -> bool:
    """Whether a location leads to a path that most of the monolith's begin with."""
    path = uri_of(location)
    below = sum(operation.path.startswith(path) for operation in system.operations)
    return len(path) > 1 and 2 * below > len(system.operations)


def _is_its(system: System, location: Directive) -> bool:
    """Whether a location leads to the monolith's alone: to a path that it has, by that path itself or another."""
    return bool(location.first("proxy_pass")) and (uri_of(location) or _key(location)[1]) in {
        operation.path for operation in system.operations}  # fmt: skip


def uri_of(location: Directive) -> str:
    """The path that `proxy_pass` puts in place of what the location is matched with, "" where it puts none."""
    found = re.fullmatch(r"https?://[^/]+(/.*)", location.first("proxy_pass"))
    return found[1] if found else ""


def is_mapped(location: Directive) -> bool:
    """Whether the monolith gets another path than the one that was asked for."""
    return uri_of(location) not in ("", _key(location)[1])


def meant(location: Directive, path: str) -> tuple[str, ...]:
    """The paths that the monolith may get for one that was asked for, none where that cannot be told.

    Where `proxy_pass` has variables nginx sends its path as it stands there, which few who write it so expect.
    """
    kind, text = _key(location)
    if kind not in (PREFIX, FIRM) or "$" in uri_of(location) or location.all("rewrite"):
        return ()
    whole = uri_of(location) + path.removeprefix(text)
    return (whole, uri_of(location)) if "$" in location.first("proxy_pass") else (whole,)


def stands_for(location: Directive, path: str) -> str:
    """The path by which another one is asked for through a location that puts one prefix in another's place, or ""."""
    kind, text = _key(location)
    uri = uri_of(location)
    return text + path.removeprefix(uri) if kind in (PREFIX, FIRM) and path.startswith(uri) else ""


def _ports(location: Directive, upstreams: dict[str, list[str]]) -> set[int]:
    """The ports that a location leads to."""
    return {port for _, port in _addresses(location, upstreams)}


def _addresses(location: Directive, upstreams: dict[str, list[str]]) -> list[tuple[str, int]]:
    """The hosts and ports that a location leads to."""
    found = re.match(r"https?://([^/]+)", location.first("proxy_pass"))
    named = upstreams.get(found[1], [found[1]]) if found else []
    parts = [address.rpartition(":") for address in named]
    return [(host, int(port)) for host, _, port in parts if port.isdigit()]


def _key(location: Directive) -> tuple[str, str]:
    words = location.words
    if len(words) > 1 and words[0] in (EXACT, FIRM, REGEX, ANYCASE):
        return words[0], words[1]
    return (PREFIX, words[0]) if words else (PREFIX, "")


def carried(location: Directive) -> tuple[str, ...]:
    """The directives of a location that hold for ours of the same paths."""
    return tuple(" ".join(one.text.split()) for one in location.block or ()
                 if one.block is None and one.name.startswith(CARRIED))  # fmt: skip


def settings(existing: Existing, location: Directive) -> list[str]:
    """How a location hands requests on: its headers, buffers and times, its server's where it has none of its own."""
    server = existing.server_of(location).directive
    own = [one for one in location.block or () if _is_setting(one)]
    names = {one.name for one in location.block or ()}
    inherited = [one for one in server.block or () if _is_setting(one) and one.name not in names]
    kept = [" ".join(one.text.split()) for one in [*inherited, *own]]
    if not any(one.startswith("proxy_set_header Host ") for one in kept):
        kept.insert(0, "proxy_set_header Host $host;")
    return kept


def _is_setting(one: Directive) -> bool:
    if one.block is not None or not one.name.startswith("proxy_") or one.name.startswith(_LEFT_OUT):
        return False
    return not (one.name == "proxy_set_header" and one.words[0].lower() in ("connection", "upgrade"))


def websocket_settings(existing: Existing) -> list[str]:
    """The same of the location that takes websockets today, of the main one where none does."""
    for server in existing.servers:
        for key in sorted(server.leading):
            place = server.places[key]
            if any(one.words[:1] and one.words[0].lower() == "upgrade" for one in place.all("proxy_set_header")):
                main = settings(existing, existing.main)
                times = [one for one in settings(existing, place) if "_timeout" in one]
                named = {one.split()[0] for one in times}
                return [*(one for one in main if one.split()[0] not in named), *times]
    return settings(existing, existing.main)


def edited(existing: Existing, upstreams: str, locations: str, address: str = "") -> str:
    """The configuration with both files included: before the first server, and in every server that leads here.

    Where an address (host and port) is given, what led to the monolith leads there.
    """
    included = {one.words[0] for one in walk(existing.directives) if one.name == "include" and one.words}
    puts: list[tuple[int, int, str]] = list(_led_to(existing, address)) if address else []
    text = existing.text
    newline = "\r\n" if "\r\n" in text else "\n"
    if upstreams not in included:
        start = existing.servers[0].directive.start
        line = text.rfind("\n", 0, start) + 1
        place = line if not text[line:start].strip() else start
        puts.append((place, place, f"{_indent(text, start)}include {upstreams};{newline}{newline}"))
    for server in existing.servers:
        if any(one.words[:1] == (locations,) for one in server.directive.all("include")):
            continue
        first = (server.directive.block or (server.directive,))[0]
        indent = _indent(text, first.start) if first.line != server.directive.line else "    "
        inside = server.directive.inside
        puts.append((inside, inside, f"{newline}{indent}include {locations};"))
    for start, end, what in sorted(puts, reverse=True):
        text = text[:start] + what + text[end:]
    return text


def _led_to(existing: Existing, address: str) -> Iterator[tuple[int, int, str]]:
    """Every address of the monolith in what leads there, with where it stands and the one that takes its place."""
    places = [server.places[key] for server in existing.servers for key in server.leading]
    passes = [one for place in places for one in place.all("proxy_pass")]
    named = {found[1] for one in passes if (found := re.match(r"https?://([^/]+)", one.words[0]))}
    upstreams = [one for one in walk(existing.directives) if one.name == "upstream" and named.intersection(one.words)]
    for one in (*passes, *(server for upstream in upstreams for server in upstream.all("server"))):
        found = re.search(rf"[^\s/\"']+:{existing.port}\b", one.text)
        if found:
            yield one.start + found.start(), one.start + found.end(), address


def _indent(text: str, start: int) -> str:
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return line if not line.strip() else ""
