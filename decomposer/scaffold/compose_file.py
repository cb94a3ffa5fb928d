"""The repository's compose file, and the monolith's entry in it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from decomposer.scaffold.monolith import PORT
from decomposer.scaffold.system import MARK, System
from decomposer.scaffold.yaml_text import Node, find, items, pairs, parse, scalar

NAMES = re.compile(r"(?:docker-)?compose\.ya?ml")
NGINX = re.compile(r"(?:nginx|openresty)(?:-[\w-]+)?(?::|@|$)")
"""The name of an image that is nginx."""
_USUAL = ("APP", "HTTP", "LISTEN", "SERVER", "UVICORN", "WEB")
_FROM_VARIABLE = re.compile(r"""--port[\s=,"']+\$\{?(\w+)""")
_VALUE = re.compile(r"(?:\$\{\w+:?-)?(\d{2,5})\}?")
"""A port as it is, or as what is taken where a variable has none."""


def find_compose(system: System) -> str:
    """The path of the compose file that runs the monolith, or of the root's; "" for none, or for one of decompose's.

    Of several the one nearest to the root.
    """
    paths = [path for path in system.paths if NAMES.fullmatch(posixpath.basename(path))]
    others = [path for path in sorted(paths, key=lambda path: (path.count("/"), path))
              if MARK not in (system.text(path) or "")]  # fmt: skip
    running = [path for path in others if monolith_entry(system, path, parse(system.text(path) or ""))[0]]
    return next(iter([*running, *(path for path in others if "/" not in path)]), "")


def monolith_entry(system: System, path: str, root: Node) -> tuple[str, Node]:
    """The name and the node of the service that is the monolith, "" and None where none is."""
    monolith = system.monolith
    found = []
    for name, _, entry in pairs(find(root, "services")):
        is_built = monolith.image and _dockerfile(path, find(entry, "build")) == monolith.image
        is_named = name in (monolith.name, monolith.prefix + monolith.name)
        if is_built or is_named:
            own_command = find(entry, "command") is not None and monolith.application not in _words(entry, "command")
            found.append((own_command, not is_named, name, entry))
    best = min(found, key=lambda one: one[:2], default=(True, True, "", None))
    return best[2], best[3]


def own_port(system: System, name: str, entry: Node) -> int:
    """The port at which the monolith listens in its container; what its unit or its image says where nothing else does.

    Its command goes before its variables, and these before the ports that lead into the container.
    """
    command = f"{_words(entry, 'entrypoint')} {_words(entry, 'command')}"
    told = [int(one or other) for one, other in PORT.findall(command)]
    image = system.text(system.monolith.image) or "" if system.monolith.image else ""
    named = {*_FROM_VARIABLE.findall(command), *_FROM_VARIABLE.findall(image), *_variables(system, name)}
    told += [int(found[1]) for variable, value, _ in values(find(entry, "environment"))
             if variable in named and (found := _VALUE.fullmatch(value))]  # fmt: skip
    for listed in (find(entry, "ports"), find(entry, "expose")):
        inside = {port for item in items(listed) if (port := _inside(item))}
        told += [system.monolith.port] if system.monolith.port in inside else inside if len(inside) == 1 else []
    return next(iter(told), system.monolith.port)


def _variables(system: System, name: str) -> set[str]:
    """What a variable may be called that says at which port the monolith listens."""
    known = {name, system.monolith.name, system.monolith.package}
    return {"PORT", *(f"{one}_PORT" for one in _USUAL), *(f"{re.sub(r'[^A-Z0-9]+', '_', one.upper())}_PORT"
                                                          for one in known)}  # fmt: skip


def _inside(item: Node) -> int:
    """The port in the container that a published one leads to, 0 where that is no single one."""
    found = re.search(r"(?:^|:)(\d{2,5})(?:/tcp)?$", scalar(item) or scalar(find(item, "target")))
    return int(found[1]) if found else 0


def values(environment: Node) -> Iterator[tuple[str, str, Node]]:
    """Each variable with its value and the node that has it: a mapping's value, a sequence's `NAME=value`."""
    for name, _, node in pairs(environment):
        yield name, scalar(node), node
    for node in items(environment):
        name, _, value = scalar(node).partition("=")
        yield name, value, node


def _words(entry: Node, key: str) -> str:
    """A command as one text."""
    value = find(entry, key)
    return scalar(value) or " ".join(map(scalar, items(value)))


def _dockerfile(path: str, build: Node) -> str:
    """The path of the Dockerfile that an entry is built from, in the repository."""
    context = scalar(build) or scalar(find(build, "context"))
    if build is None or not context:
        return ""
    named = scalar(find(build, "dockerfile")) or "Dockerfile"
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), context, named))
