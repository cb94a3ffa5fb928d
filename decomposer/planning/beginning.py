"""A first configuration and rule files for a monolith that has none: one context per group of routers."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from decomposer.model.config import CORE, Config
from decomposer.model.counting import counted
from decomposer.model.edges import Graph, Route
from decomposer.rules.kind import compile_glob

_VERSION = re.compile(r"v\d+|api")
_COMMON = frozenset({"router", "routers", "routes", "api", "views", "endpoints", "main", "app", "v1", "v2", "init",
                     "core", "common", "base", "utils", "index", "root", "public"})  # fmt: skip
_FIRST_PORT = 8101
SHARED = ("__init__.py", "main.py", "app.py", "config.py", "settings.py", "database.py", "db.py", "deps.py",
          "dependencies.py", "exceptions.py", "logging.py", "security.py", "core/**", "common/**", "utils/**",
          "storage/**", "kit/**", "middleware*.py")  # fmt: skip
"""What is usually nobody's in particular; a folder that serves routes is somebody's."""


class Start(Struct, frozen=True):
    """The first rules of one context: its routers, its own folders, words, and files that need an explicit word."""

    name: str
    number: int
    routers: tuple[str, ...]
    folders: tuple[str, ...]
    words: tuple[str, ...]
    routes: int
    also: tuple[str, ...] = ()


def first_files(config: Config, graph: Graph, rules: str) -> dict[str, str]:
    """The text of `decompose.toml` and of each rule file, by path; a start for a team to edit.

    Every pattern in them matches something, and no two of them claim one file with equal precedence.
    """
    prefix = len(config.root()) + 1
    inside = [n.path[prefix:] for n in graph.nodes if n.role in ("module", "package")]
    groups = router_groups(config, graph)
    routers = {path for paths in groups.values() for path in paths}
    served = [r.source[prefix:] for r in graph.routes if r.entry]
    starts = _starts(groups, inside, routers, served)
    shared = _shared(inside, routers, [folder for start in starts for folder in start.folders])
    together = assembling(config, graph, groups)
    shared += [path for path in together if not any(compile_glob(known).fullmatch(path) for known in shared)]
    files = {"decompose.toml": _configuration(config, rules), f"{rules}/core.toml": _core(shared)}
    for start in starts:
        files[f"{rules}/{start.name}.toml"] = _context(start)
    return files


def _starts(
    groups: dict[str, list[str]], inside: Sequence[str], routers: set[str], served: Sequence[str]
) -> list[Start]:
    """The first rules of every context; a file with words of two goes to the one whose word comes first."""
    features = _features(groups)
    words = {name: _words(name) for name in groups}
    hits: dict[str, set[str]] = {name: set() for name in groups}
    also: dict[str, list[str]] = {name: [] for name in groups}
    for path in inside:
        parts = _split(path)
        by_context = {name: hit for name in groups if (hit := words[name] & set(parts))}
        for name, hit in by_context.items():
            hits[name] |= hit
        if len(by_context) > 1 and path not in routers:
            first = min(by_context, key=lambda name: (min(parts.index(w) for w in by_context[name]), name))
            also[first].append(path)
    return [
        Start(
            name, number, tuple(paths), tuple(features.get(name, ())), tuple(sorted(hits[name])),
            sum(1 for source in served if source in paths), tuple(also[name]),
        )
        for number, (name, paths) in enumerate(sorted(groups.items()))
    ]  # fmt: skip


def _split(path: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", path.removesuffix(".py").lower())


def _shared(inside: Sequence[str], routers: set[str], folders: Sequence[str]) -> list[str]:
    """Patterns of the core that match something, none of which takes a router or a feature's folder."""
    layers = sorted({path.split("/")[0] for path in inside if path.count("/") == 1 and path.endswith("/__init__.py")})
    found: list[str] = []
    for pattern in [*SHARED, *(f"{layer}/__init__.py" for layer in layers)]:
        matched = [path for path in inside if compile_glob(pattern).fullmatch(path)]
        theirs = any(path in routers or path.startswith(tuple(f"{f}/" for f in folders)) for path in matched)
        covered = any(other.endswith("/**") and pattern.startswith(other[:-2]) for other in found)
        if matched and not theirs and not covered:
            found.append(pattern)
    return found


def router_groups(config: Config, graph: Graph) -> dict[str, list[str]]:
    """Files with served routes by the name of their group, paths relative to the package.

    A group is named after the feature folder a router lies in, else after the router's own file name or routes;
    what would be named after the core has no group.
    """
    served = [r for r in graph.routes if r.entry and r.module != "fastapi" and r.method != "MOUNT"]
    groups: dict[str, list[str]] = {}
    for path in sorted({r.source for r in served}):
        below = path[len(config.root()) + 1 :]
        name = _context_name(_group_name(below, [r for r in served if r.source == path]))
        if name not in ("", CORE):
            groups.setdefault(name, []).append(below)
    together = set(assembling(config, graph, groups))
    kept = {name: [path for path in paths if path not in together] for name, paths in groups.items()}
    return {name: paths for name, paths in kept.items() if paths}


def assembling(config: Config, graph: Graph, groups: Mapping[str, Sequence[str]]) -> list[str]:
    """Files that include routers of several groups, whatever they serve themselves: they belong to nobody."""
    prefix = len(config.root()) + 1
    group_of = {path: name for name, paths in groups.items() for path in paths}
    path_of = {node.name: node.path[prefix:] for node in graph.nodes if node.role in ("module", "package")}
    found: dict[str, set[str]] = {}
    for edge in graph.edges:
        source, target = edge.path[prefix:], path_of.get(edge.target or "", "")
        if edge.kind == "route" and target in group_of and target != source and path_of.get(edge.source) == source:
            found.setdefault(source, set()).add(group_of[target])
    return sorted(path for path, names in found.items()
                  if len(names - {group_of.get(path, "")}) > 1 and not path.endswith("__init__.py"))  # fmt: skip


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
    return first[0][0] if first else ""


def _context_name(words: str) -> str:
    """The words as a context may be called: in lower case, joined by single hyphens, with a letter first."""
    name = "-".join(re.findall(r"[a-z0-9]+", words))
    return f"api-{name}" if name[:1].isdigit() else name


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
    entries = ", ".join(_text(entry) for entry in config.entries)
    limits = config.limits
    return f"""# Where the monolith lies; every path is relative to this file.
source = {_text(config.source)}
package = {_text(config.package)}
entry = [{entries}]
rules = {_text(rules)}

[limits]  # physical lines
service = {limits.service}
service_target = {limits.service_target}
file = {limits.file}
"""


def _core(shared: Sequence[str]) -> str:
    return f"""name = "{CORE}"
description = "what two or more contexts need"
phase = 1
shared = [
{_quoted(shared)}]
"""


def _context(start: Start) -> str:
    text = f"""name = "{start.name}"
description = "{counted(start.routes, 'route')} of {counted(len(start.routers), 'router file')}"
phase = {start.number + 2}
port = {_FIRST_PORT + start.number}

[[rule]]
paths = [
{_quoted(start.routers)}]
reason = "its routers"
"""
    if start.folders:
        globs = [f"{folder}/**" for folder in start.folders]
        text += f'\n[[rule]]\npaths = [\n{_quoted(globs)}]\nreason = "the feature\'s own folder"\n'
    if start.also:
        text += f'\n[[rule]]\npaths = [\n{_quoted(start.also)}]\nreason = "named like two contexts, this one first"\n'
    if start.words:
        words = ", ".join(_text(word) for word in start.words)
        text += f'\n[[rule]]\nkeywords = [{words}]\nreason = "named like the context"\n'
    return text + '\n[[rule]]\nfollows = ["**"]\nreason = "used by nothing but this context"\n'


def _quoted(values: Sequence[str]) -> str:
    return "".join(f"    {_text(value)},\n" for value in values)


def _text(value: str) -> str:
    """A string as TOML writes it, which is as JSON does."""
    return json.dumps(value, ensure_ascii=False)


def _words(name: str) -> set[str]:
    """The words of a context's name, each also without a plural `s` and with one; common words say nothing."""
    parts = [part for part in name.split("-") if part not in _COMMON and len(part) > 2]
    if len(parts) != 1:
        return set()
    word = parts[0]
    return {word, word.removesuffix("s"), f"{word}s"}
