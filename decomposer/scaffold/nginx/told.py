"""What is to be known of a configuration of nginx that is edited: what the switch does not reach, what is new."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from decomposer.model.problems import Problem
from decomposer.scaffold.nginx.beside import INSIDE, Beside
from decomposer.scaffold.nginx.choosing import Location
from decomposer.scaffold.nginx.existing import Existing, Server, is_mapped, settings, uri_of
from decomposer.scaffold.nginx.syntax import Directive

_SHOWN = 6
"""So many paths are named of those that are alike."""
_NOT_CARRIED = ("add_header", "if", "rewrite", "return", "limit_except", "try_files", "error_page", "proxy_redirect")


def told(beside: Beside, found: Sequence[Location]) -> Iterator[Problem]:
    """Warnings about an existing configuration with the locations that were `found` to go before its own."""
    existing, port = beside.existing, beside.system.monolith.port
    successor = beside.system.successor
    if existing.port != port and not (successor and existing.port == successor.port):
        yield _warning(existing, existing.main, "nginx-port", f"leads to the port {existing.port}, where the monolith "
                       f"listens on {port}: what is rendered goes to {port}",
                       "correct the one that is wrong; decompose.toml can say it: [deploy] port = …")  # fmt: skip
    paths = beside.owned()
    for server in existing.servers:
        yield from _of_mapped(beside, server, paths)
        used = {id(place): place for path in paths if (place := server.today(path)) is not None}.values()
        yield from _of_rules(existing, [place for place in used if server.leads(place)])
        yield from _of_opened(beside, used, found)


def _of_mapped(beside: Beside, server: Server, paths: Sequence[str]) -> Iterator[Problem]:
    for key in sorted(server.leading):
        place = server.places[key]
        if not is_mapped(place):
            continue
        uri = uri_of(place)
        if beside.system.successor is not None:
            rest = ("", beside.system.successor.context)
            if all(one.context in rest for one in beside.system.operations if one.path.startswith(uri)):
                continue  # which is where it leads
            yield Problem(beside.existing.path, place.line, "nginx-mapped", f"{key[1]} reaches the monolith as {uri}, "
                          "and nobody would answer there", f"let clients ask for {uri}, or write what makes it that: "
                          f"rewrite ^{key[1]}(.*)$ {uri}$1 last;")  # fmt: skip
            continue
        over = [path for path in paths if server.today(path) is place and beside.takes_over(place, path)]
        but = f"; but {len(over)} paths that the monolith has below {key[1]} itself, as {min(over)}, were nothing " \
              "there, and lead to their owners now" if over else ""  # fmt: skip
        yield _warning(beside.existing, place, "nginx-mapped", f"{key[1]} reaches the monolith as {uri}: what comes "
                       f"there stays with the monolith whatever the switch says{but}",
                       f"let clients ask for {uri} before a context is cut over")  # fmt: skip
        if "$" in place.first("proxy_pass") and key[1] != uri and place.words == (key[1],) and key[1].endswith("/"):
            yield _warning(beside.existing, place, "nginx-variable", "has a variable in proxy_pass, so that nginx "
                           f"sends all that comes there to {uri} itself, without what follows {key[1]}",
                           "take the variable out, or rewrite the path")  # fmt: skip


def _of_rules(existing: Existing, places: Sequence[Directive]) -> Iterator[Problem]:
    main = settings(existing, existing.main)
    for place in places:
        lost = sorted({one.name for one in place.block or () if one.name in _NOT_CARRIED})
        if lost:
            yield _warning(existing, place, "nginx-rules", f"has {', '.join(lost)}, which the locations of services do "
                           "not have", "see whether services need it")  # fmt: skip
        other = [one for one in settings(existing, place) if one not in main and "_timeout" not in one]
        if other:
            yield _warning(existing, place, "nginx-settings", f"has {' '.join(other)}, which the locations of services "
                           "do not have", "put it into the main location too")  # fmt: skip


def _of_opened(beside: Beside, used: Iterable[Directive], found: Sequence[Location]) -> Iterator[Problem]:
    strange = [place for place in used if beside.is_open(place)]
    if strange:
        yield _warning(beside.existing, strange[0], "nginx-opened", "did not lead to the monolith, and paths of "
                       "services that came here lead to services now",
                       "see that they may be reached from outside")  # fmt: skip
    inside = [re.sub(r"^\^|\(/\|\$\)$|\$$", "", one.text) for one in found
              if one.answer is not None and one.answer.rules == INSIDE]  # fmt: skip
    if inside:
        some = ", ".join(inside[:_SHOWN]) + (f" and {len(inside) - _SHOWN} more" if len(inside) > _SHOWN else "")
        yield _warning(beside.existing, beside.server.directive, "nginx-inside", "led nobody to what the monolith "
                       f"itself answers at {some}: requests from the machine come there now, no others",
                       "to open one to others, give it a location of its own")  # fmt: skip


def _warning(existing: Existing, place: Directive, code: str, message: str, hint: str) -> Problem:
    return Problem(existing.path, place.line, code, message, hint, "warning")
