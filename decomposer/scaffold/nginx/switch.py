"""The switch of traffic: which contexts nginx has one for, and which flag files a wish needs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from decomposer.model.problems import DecomposerError, Problem
from decomposer.scaffold.nginx.syntax import parse, walk
from decomposer.scaffold.system import MARK

MONOLITH = "monolith"
"""The wish that everybody goes back."""
BUCKETS = 100
"""So many parts are the clients in; a file for each that goes to the service."""
_FLAGS = re.compile(r"\(-f (\S+?)/\$\w+_context/")
_OWNERS = re.compile(r"set \$\w+_context \$(\w+);")
TESTER = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What testers may call themselves."""


@dataclass(frozen=True, slots=True)
class Switch:
    """What nginx was rendered with: the contexts that have a switch, those cut over, and the header of testers.

    `header` is as nginx writes it in a variable: in small letters, with `_` for `-`. `flags` is the folder in which
    nginx looks for flags where it runs, "" where no location does; `located` are the contexts that locations lead to.
    """

    contexts: tuple[str, ...]
    cut_over: tuple[str, ...]
    header: str
    flags: str = ""
    located: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a context's traffic goes: `percent` of the clients, and `testers`, to the service.

    `is_even` is False where the files are not those of a percentage: somebody else made or removed some.
    """

    context: str
    percent: int
    testers: tuple[str, ...] = ()
    is_cut_over: bool = False
    is_even: bool = True


def read_switch(text: str, locations: str = "") -> Switch | None:
    """The switch that a file of upstreams has, None where that is not one which was rendered.

    `locations` is the text of the file of locations beside it, by whoever it is now.
    """
    if MARK not in text:
        return None
    try:
        directives = tuple(walk(parse(text)))
    except ValueError:
        return None
    upstreams = {one.words[0]: one for one in directives if one.name == "upstream" and one.words}
    first = next(iter(upstreams), "")
    if not first.endswith("monolith"):
        return None
    up = first.removesuffix("monolith")
    once = [name.removeprefix(up).removesuffix("-once") for name in upstreams if name.endswith("-once")]
    with_backup = [name for name in once if f"{up}{name}" in upstreams
                   and any("backup" in server.words for server in upstreams[f"{up}{name}"].all("server"))]  # fmt: skip
    testers = next((one.words[0] for one in directives
                    if one.name == "map" and one.words[-1:] and one.words[-1].endswith("_tester")), "")  # fmt: skip
    owners = "\n".join([locations, *(text[text.index(f"${name} {{"):] for name in set(_OWNERS.findall(locations))
                                     if f"${name} {{" in text)])  # fmt: skip
    flags = _FLAGS.search(locations)
    led = set(re.findall(r"^[ \t]+(?:\S+[ \t]+)+(\S+);", owners, re.MULTILINE))
    return Switch(
        tuple(with_backup), tuple(name for name in once if name not in with_backup), testers.removeprefix("$http_"),
        flags[1] if flags else "",
        frozenset(led.intersection(with_backup)),
    )  # fmt: skip


def standing(context: str, files: list[str]) -> Standing:
    """Where a context's traffic goes, as the names of its flag files tell."""
    buckets = {int(name) for name in files if name.isdigit() and int(name) < BUCKETS}
    testers = sorted(name.removeprefix("to-") for name in files if name.startswith("to-"))
    return Standing(context, len(buckets), tuple(testers), is_even=buckets == set(range(len(buckets))))


def percent_of(wish: str) -> int:
    """What `--to` asks for, in percent: `monolith`, `service`, or a whole number with or without its sign.

    Raises DecomposerError for anything else.
    """
    named = {MONOLITH: 0, "service": BUCKETS}
    if wish in named:
        return named[wish]
    figure = wish.removesuffix("%")
    if re.fullmatch(r"[0-9]{1,3}", figure) and int(figure) <= BUCKETS:
        return int(figure)
    raise DecomposerError(Problem("--to", 0, "usage", f"cannot be `{wish}`",
                                  "say monolith, service, or a whole number from 0 to 100"))  # fmt: skip


def tester_of(given: str, header: str, rendered: str) -> str:
    """The tester that `--header NAME=VALUE` names.

    `header` is the one that is configured, `rendered` what nginx knows. Raises DecomposerError for another header, and
    for a value that nginx would not take.
    """
    name, equals, value = given.partition("=")
    if not equals:
        raise DecomposerError(Problem("--header", 0, "usage", "is to be NAME=VALUE", f"as in --header {header}=alice"))
    if name.lower() != header.lower() or name.lower().replace("-", "_") != rendered:
        raise DecomposerError(Problem(
            "--header", 0, "other-header", f"nginx knows testers by {rendered.replace('_', '-')}, not by {name}",
            f'to change that: [deploy] header = "{name}" in decompose.toml, decompose scaffold nginx, and reload nginx '
            "once",
        ))  # fmt: skip
    if not TESTER.fullmatch(value):
        raise DecomposerError(Problem("--header", 0, "usage", f"no tester can be called `{value}`",
                                      "use up to 64 letters, digits, - and _"))  # fmt: skip
    return value
