"""A first configuration and rule files for a monolith that has none: one context per group of routers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from decomposer.model.config import CORE, Config
from decomposer.model.edges import Graph, Route

_VERSION = re.compile(r"v\d+|api")
_COMMON = frozenset({"router", "routers", "routes", "api", "views", "endpoints", "main", "app", "v1", "v2", "init",
                     "core", "common", "base", "utils", "index", "root", "public"})  # fmt: skip
_FIRST_PORT = 8101
SHARED = ("__init__.py", "main.py", "app.py", "config.py", "settings.py", "database.py", "db.py", "deps.py",
          "dependencies.py", "exceptions.py", "logging.py", "security.py", "core/**", "common/**", "utils/**",
          "db/**", "storage/**")  # fmt: skip


def first_files(config: Config, graph: Graph, rules: str) -> dict[str, str]:
    """The text of `decompose.toml` and of each rule file, by path; a start for a team to edit."""
    files = {"decompose.toml": _configuration(config, rules)}
    inside = [n.path[len(config.root()) + 1 :] for n in graph.nodes if n.role in ("module", "package")]
    groups = router_groups(config, graph)
    features = _features(groups)
    files[f"{rules}/core.toml"] = _core(inside)
    for number, (name, paths) in enumerate(sorted(groups.items())):
        files[f"{rules}/{name}.toml"] = _context(name, number, paths, features.get(name, []), graph, config)
    return files


def router_groups(config: Config, graph: Graph) -> dict[str, list[str]]:
    """Files with served routes by the name of their group, paths relative to the package.

    A group is named after the feature folder a router lies in, else after the router's own file name.
    """
    served = [r for r in graph.routes if r.entry and r.module != "fastapi" and r.method != "MOUNT"]
    groups: dict[str, list[str]] = {}
    for path in sorted({r.source for r in served}):
        below = path[len(config.root()) + 1 :]
        name = _group_name(below, [r for r in served if r.source == path])
        if name:
            groups.setdefault(name, []).append(below)
    return groups


def _group_name(below: str, routes: Sequence[Route]) -> str:
    parts = below.removesuffix(".py").split("/")
    for part in (*parts[:-1], parts[-1]):
        words = [word for word in re.split(r"[^a-z0-9]+", part.lower()) if word and word not in _COMMON]
        if words:
            return "-".join(words)
    first = Counter(
        segment for route in routes
        for segment in [next((s for s in route.path.strip("/").split("/") if s and not _VERSION.fullmatch(s)), "")]
        if re.fullmatch(r"[a-z][a-z0-9_-]*", segment)
    ).most_common(1)  # fmt: skip
    return first[0][0].replace("_", "-") if first else ""


def _features(groups: dict[str, list[str]]) -> dict[str, list[str]]:
    """Folders that are named like a group and hold one of its routers: whole features."""
    found: dict[str, list[str]] = {}
    for name, paths in groups.items():
        for path in paths:
            folder = path.rpartition("/")[0]
            while folder:
                named_alike = folder.rpartition("/")[2].lower().replace("_", "-") == name
                if named_alike and folder not in found.setdefault(name, []):
                    found[name].append(folder)
                folder = folder.rpartition("/")[0]
    return found


def _configuration(config: Config, rules: str) -> str:
    entries = ", ".join(f'"{entry}"' for entry in config.entries)
    limits = config.limits
    return f"""# Where the monolith lies; every path is relative to this file.
source = "{config.source}"
package = "{config.package}"
entry = [{entries}]
rules = "{rules}"

[limits]  # physical lines
service = {limits.service}
service_target = {limits.service_target}
file = {limits.file}
"""


def _core(inside: Sequence[str]) -> str:
    from decomposer.rules.kind import compile_glob

    present = [p for p in SHARED if any(compile_glob(p).fullmatch(path) for path in inside)]
    layers = sorted({path.split("/")[0] for path in inside if path.count("/") == 1 and path.endswith("/__init__.py")})
    listed = "".join(f'    "{pattern}",\n' for pattern in [*present, *(f"{layer}/__init__.py" for layer in layers)])
    return f"""name = "{CORE}"
description = "what two or more contexts need"
phase = 1
shared = [
{listed}]
"""


def _context(
    name: str, number: int, paths: Sequence[str], features: Sequence[str], graph: Graph, config: Config
) -> str:
    served = [r for r in graph.routes if r.entry and r.source[len(config.root()) + 1 :] in paths]
    quoted = "".join(f'    "{path}",\n' for path in paths)
    text = f"""name = "{name}"
description = "{len(served)} routes of {len(paths)} router file{"s" if len(paths) > 1 else ""}"
phase = {number + 2}
port = {_FIRST_PORT + number}

[[rule]]
paths = [
{quoted}]
reason = "its routers"
"""
    if features:
        globs = "".join(f'    "{folder}/**",\n' for folder in features)
        text += f'\n[[rule]]\npaths = [\n{globs}]\nreason = "the feature\'s own folder"\n'
    words = ", ".join(f'"{word}"' for word in sorted({name.replace("-", "_"), *_singular(name)}))
    text += (
        f'\n[[rule]]\nkeywords = [{words}]\nprecedence = {30 + min(len(name), 9)}\nreason = "named like the context"\n'
    )
    text += '\n[[rule]]\nfollows = ["**"]\nreason = "used by nothing but this context"\n'
    return text


def _singular(name: str) -> set[str]:
    """The word itself and without a plural `s`, when it is one word."""
    return {name, name.removesuffix("s")} if "-" not in name else set()
