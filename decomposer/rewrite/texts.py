"""Configurations, scripts and documents that name a moved module, by its dotted name or by its path."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping

from decomposer.model.problems import Problem
from decomposer.rewrite.paths import other_mentions, rewrite_paths
from decomposer.rewrite.strings import Frozen
from decomposer.rewrite.view import View

EXAMPLE = re.compile(rb"^(?P<indent>[ \t]*)>>> [^\r\n]*(?:\r?\n(?P=indent)\.\.\. [^\r\n]*)*", re.MULTILINE)
"""An example in a document or docstring, as `doctest` has it."""
CODE_LINE = re.compile(
    rb"^(?P<before>[ \t]*)"
    rb"(?P<code>(?:from[ \t]+[\w.]+[ \t]+import[ \t]+[^\r\n]+|import[ \t]+\w[\w., \t]*))$",
    re.MULTILINE,
)
"""A line of a document, or of a docstring, that is an import statement."""


def respell_text(
    path: str, source: bytes, view: View, frozen: Frozen, paths: Mapping[str, str],
    respell_code: Callable[[bytes], bytes], problems: list[Problem],
) -> bytes:  # fmt: skip
    """The file with each name and path of a moved module respelled; what cannot be decided is told."""
    if path.endswith((".md", ".rst", ".txt")):
        source = respell_code_lines(source, respell_code)
    for old, new in sorted(view.renames.pairs.items(), reverse=True):
        source = _dotted(source, path, old, new, view, frozen, problems)
    source = _paths_from(source, path, paths)
    source = _escaped_paths(source, paths)
    source = rewrite_paths(source, paths)
    problems += other_mentions(path, source, (), paths)
    return source


def respell_code_lines(source: bytes, respell_code: Callable[[bytes], bytes]) -> bytes:
    """The text with its lines of import statements respelled, each on its own; an added line looks as the first."""

    def respell(match: re.Match[bytes]) -> bytes:
        after = respell_code(match["code"])
        return match["before"] + re.sub(rb"\r?\n", lambda end: end[0] + match["before"], after)

    def respell_example(match: re.Match[bytes]) -> bytes:
        lines = re.split(rb"(\r?\n)", match[0])
        indent = match["indent"]
        code = b"".join(
            line[len(indent) + 4 :] if position % 2 == 0 else line for position, line in enumerate(lines)
        )
        after = respell_code(code)
        if after == code:
            return match[0]
        prompts = [line[: len(indent) + 4] for line in lines[::2]]
        told = re.split(rb"(\r?\n)", after)
        for position in range(0, len(told), 2):
            number = position // 2
            told[position] = (prompts[number] if number < len(prompts) else prompts[0]) + told[position]
        return b"".join(told)

    source = EXAMPLE.sub(respell_example, source)
    return CODE_LINE.sub(respell, source)


def respell_names(source: bytes, view: View, frozen: Frozen) -> bytes:
    """The text with each dotted name of a moved module respelled."""
    for old, new in sorted(view.renames.pairs.items(), reverse=True):
        source = _dotted(source, view.path, old, new, view, frozen, [])
    return source


def _dotted(
    source: bytes, path: str, old: str, new: str, view: View, frozen: Frozen, problems: list[Problem]
) -> bytes:
    single = "." not in old
    pattern = re.compile(
        rb"(?:(?<![\w./@-])|(?<=\[mypy-))" + re.escape(old.encode()) + rb"(?![\w/@-])(?P<more>(?:[.:]\w+|\.\*)?)"
    )

    def respell(match: re.Match[bytes]) -> bytes:
        more = match["more"].decode()
        line_start = source.rfind(b"\n", 0, match.start()) + 1
        before = source[line_start : match.start()]
        if single and not (more.startswith(":") and view.has_name(old, more[1:])) and not before.endswith(b"-m "):
            return match[0]
        after = source[match.end() : match.end() + 2]
        if not more and old in frozen.loggers and re.search(rb"loggers|qualname", source):
            return match[0]
        if _is_logger(source, line_start, before, after):
            return match[0]
        tasks = frozen.tasks.get(old, frozenset())
        if tasks and (more[1:] in tasks or more == ".*"):
            return match[0]
        if old + more in frozen.named:
            return match[0]
        known = not more or more in (".*", ".py") or view.has_name(old, more[1:]) or view.exists(f"{old}{more}")
        if more.startswith(".") and not known:
            problems.append(Problem(
                path, source.count(b"\n", 0, match.start()) + 1, "string-to-review", f"`{old}{more}` begins with "
                f"`{old}`, which moves to `{new}`, but names nothing in it", "it stays as it is", "warning",
            ))  # fmt: skip
            return match[0]
        return new.encode() + match["more"]

    return pattern.sub(respell, source)


def _is_logger(source: bytes, line_start: int, before: bytes, after: bytes) -> bool:
    """Whether a name is a logger's: `qualname=`, or a key below `loggers`."""
    if re.search(rb"qualname\s*[=:]\s*\Z|loggers?[._][\"']?\Z", before):
        return True
    if re.search(rb"loggers[\"']?\s*:\s*\{(?:[^{}]|\{[^{}]*\})*\Z", before):
        return True
    is_key = re.match(rb"[\"']?\s*[:=]", after) is not None and not before.strip(b" \t\"'-")
    return is_key and any(re.match(rb"[\s\"']*loggers[\"']?\s*:", line) for line in _above(source, line_start))


def _above(source: bytes, line_start: int) -> Iterator[bytes]:
    """The lines that a line is nested below by its indentation, the nearest first."""
    end = source.find(b"\n", line_start)
    line = source[line_start : end if end >= 0 else len(source)]
    indent = len(line) - len(line.lstrip())
    for above in reversed(source[:line_start].splitlines()):
        found = len(above) - len(above.lstrip())
        if above.strip() and found < indent:
            indent = found
            yield above


def _paths_from(source: bytes, path: str, paths: Mapping[str, str]) -> bytes:
    """Paths of moved files as they are seen from the folder of the file itself, or from one above it."""
    folder = posixpath.dirname(path)
    while folder:
        below = {
            old[len(folder) + 1 :]: posixpath.relpath(new, folder)
            for old, new in paths.items()
            if old.startswith(folder + "/") and "/" in old[len(folder) + 1 :]
        }
        if below:
            source = _replace_words(source, below)
        folder = posixpath.dirname(folder)
    return source


def _escaped_paths(source: bytes, paths: Mapping[str, str]) -> bytes:
    """Paths that are written as regular expressions, `a/b\\.py`."""
    for old, new in paths.items():
        told = old.replace(".", "\\.").encode()
        if told != old.encode() and told in source:
            pattern = rb"(?<![\w./])" + re.escape(told) + rb"(?!\w)"
            source = re.sub(pattern, lambda _, new=new: new.replace(".", "\\.").encode(), source)  # type: ignore[misc]
    return source


def _replace_words(source: bytes, paths: Mapping[str, str]) -> bytes:
    """Paths that stand alone, or behind `./`."""
    for old, new in sorted(paths.items(), reverse=True):
        if old.encode() in source:
            pattern = rb"(?:(?<![\w./@$}-])|(?<=[\s\"'=:]\./))" + re.escape(old.encode()) + rb"(?![\w-]|\.\w)"
            source = re.sub(pattern, lambda _, new=new: new.encode(), source)  # type: ignore[misc]
    return source
