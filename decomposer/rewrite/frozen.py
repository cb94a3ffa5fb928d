"""Names that others know a moved module's things by, kept as they were: of tasks, loggers and files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from decomposer.model.problems import Problem
from decomposer.model.sites import DecoratorSite, Edit, ImportSite, Sites
from decomposer.rewrite.strings import TASKS
from decomposer.syntax.bytes_of_text import Text, text_of
from decomposer.syntax.sites import read_sites

FRAMEWORKS = {"celery": "name", "huey": "name", "procrastinate": "name", "taskiq": "task_name"}
"""What names a task in the frameworks that otherwise name it by its module."""
_SEPARATOR = {"taskiq": ":"}
_MADE = re.compile(rb'__import__\("os"\)\.path\.abspath\(__file__ \+ "/\.\./([^"]+)"\)')
_LOGGER = re.compile(rb"(?:getLogger|get_logger)\(\s*(?:name\s*=\s*)?(__name__)\s*\)")
_NAMED = re.compile(
    r"qualname\s*=\s*([\w.]+)"
    r"|(?:getLogger|assertLogs|assertNoLogs|get_logger)\(\s*[\"']([\w.]+)[\"']"
    r"|(?:set_level|at_level)\([^()]*,\s*[\"']([\w.]+)[\"']"
    r"|logger\s*=\s*[\"']([\w.]+)[\"']"
    r"|^\s*\[[^\]\n]*loggers\.[\"']?([\w.]+)[\"']?\]",
    re.MULTILINE,
)
_KEY = re.compile(r"[\"']([A-Za-z_][\w.]*)[\"']\s*:|^[ \t]+([A-Za-z_][\w.]*):", re.MULTILINE)


def task_frameworks(
    sites: Sites, framework_of: Callable[[DecoratorSite, tuple[ImportSite, ...]], str]
) -> dict[DecoratorSite, str]:
    """The decorators that make tasks named by their module, with the framework of each."""
    found: dict[DecoratorSite, str] = {}
    for site in sites.decorators:
        if site.name.rpartition(".")[2] in TASKS:
            framework = framework_of(site, tuple(sites.imports[position] for position in site.imports))
            told = site.named or {FRAMEWORKS.get(framework, ""), "**"} & {*site.keywords}
            if framework and not told:
                found[site] = framework
    return found


def task_edits(tasks: Mapping[DecoratorSite, str], module: str) -> Iterator[Edit]:
    """The edits that give each task the name it had by itself."""
    for site, framework in tasks.items():
        named = f'{FRAMEWORKS[framework]}="{module}{_SEPARATOR.get(framework, ".")}{site.function}"'
        yield Edit(site.insert_at, site.insert_at, f"{site.before}{named}{site.after}".encode())


def logger_edits(content: Text, old: str, new: str, configured: Collection[str]) -> Iterator[Edit]:
    """The edits that keep a logger's name where the old one is configured otherwise than the new one would be."""
    if not renames_logger(old, new, configured):
        return
    for match in _LOGGER.finditer(content.utf8):
        yield Edit(match.start(1), match.end(1), f'"{old}"'.encode())


def renames_logger(old: str, new: str, configured: Collection[str]) -> bool:
    """Whether a logger would be configured otherwise by its module's new name."""
    return _among(old, configured) != _among(new, configured)


def has_logger(source: bytes) -> bool:
    """Whether a module names a logger after itself."""
    return _LOGGER.search(source) is not None


def configured_loggers(sources: Iterable[bytes]) -> frozenset[str]:
    """The names of loggers that any of some files configures or asks for."""
    found: set[str] = set()
    for source in sources:
        if not any(word in source for word in (b"loggers", b"qualname", b"etLogger", b"get_logger", b"ssertLogs",
                                               b"ssertNoLogs", b"logger=")):  # fmt: skip
            continue
        text = source.decode("utf-8", "replace")
        found.update(next(filter(None, match.groups())) for match in _NAMED.finditer(text))
        if "loggers" in text:
            found.update(next(filter(None, match.groups())) for match in _KEY.finditer(text))
    return frozenset(found)


def _among(name: str, configured: Collection[str]) -> frozenset[str]:
    """The configured loggers that a logger of that name is or inherits from."""
    parts = name.split(".")
    return frozenset(".".join(parts[:depth]) for depth in range(1, len(parts) + 1)) & frozenset(configured)


def file_edits(content: Text, sites: Sites, old_path: str, new_path: str) -> Iterator[Edit]:
    """The edits that keep what `__file__` leads to, where a module goes to another folder without its neighbours.

    `__file__` becomes the path that the module had, as seen from where it is now.
    """
    if posixpath.dirname(old_path) == posixpath.dirname(new_path):
        return
    made = list(_MADE.finditer(content.utf8))
    for match in made:  # by an earlier move
        first = posixpath.normpath(posixpath.join(posixpath.dirname(old_path), match[1].decode()))
        yield Edit(match.start(), match.end(), _file_of(first, new_path))
    for use in sites.uses:
        within = any(match.start() <= use.start < match.end() for match in made)
        if use.name == "__file__" and not use.in_text and use.scope == -1 and not within:
            yield Edit(use.start, use.ends[0], _file_of(old_path, new_path))


def with_old_folder(source: bytes, old_path: str, new_path: str) -> bytes:
    """A module whose `__file__` means the path that it had; as it is where it cannot be understood."""
    try:
        content = text_of(source)
    except (SyntaxError, UnicodeDecodeError):
        return source
    sites = read_sites(source, content)
    return source if sites.error else content.edited(file_edits(content, sites, old_path, new_path))


def _file_of(path: str, here: str) -> bytes:
    """An expression for a path as seen from another: `__file__` where they are the same."""
    if path == here:
        return b"__file__"
    back = posixpath.relpath(path, posixpath.dirname(here))
    return f'__import__("os").path.abspath(__file__ + "/../{back}")'.encode()


def file_problems(path: str, content: Text, sites: Sites) -> Iterator[Problem]:
    """A warning for each line that uses `__file__`, since it means another folder after the move."""
    for use in sites.uses:
        if use.name == "__file__" and use.scope == -1:
            line = content.utf8.count(b"\n", 0, use.start) + 1
            yield Problem(
                path, line, "path-to-review", "uses `__file__`: it is made to mean the folder that the module was in",
                "move the files it reads, and write `__file__` again", "warning",
            )  # fmt: skip
