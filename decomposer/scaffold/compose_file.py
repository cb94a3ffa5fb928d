"""The repository's compose file, and the monolith's entry in it."""

from __future__ import annotations

import posixpath
import re

from decomposer.scaffold.system import MARK, System
from decomposer.scaffold.yaml_text import Node, find, pairs, parse, scalar

NAMES = re.compile(r"(?:docker-)?compose\.ya?ml")
NGINX = re.compile(r"(?:nginx|openresty)(?:-[\w-]+)?(?::|@|$)")
"""The name of an image that is nginx."""


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


def _words(entry: Node, key: str) -> str:
    """A command as one text."""
    value = find(entry, key)
    return scalar(value) or " ".join(scalar(item) for item in (value.value if value.id == "sequence" else []))


def _dockerfile(path: str, build: Node) -> str:
    """The path of the Dockerfile that an entry is built from, in the repository."""
    context = scalar(build) or scalar(find(build, "context"))
    if build is None or not context:
        return ""
    named = scalar(find(build, "dockerfile")) or "Dockerfile"
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), context, named))
