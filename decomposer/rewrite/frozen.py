"""Names that others know a moved module's things by, kept as they were: of tasks and loggers."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from decomposer.model.sites import DecoratorSite, Edit, ImportSite, Sites
from decomposer.rewrite.strings import TASKS
from decomposer.syntax.bytes_of_text import Text

FRAMEWORKS = {"celery": "name", "huey": "name", "procrastinate": "name", "taskiq": "task_name"}
"""What names a task in the frameworks that otherwise name it by its module."""
_SEPARATOR = {"taskiq": ":"}
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
