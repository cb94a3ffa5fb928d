"""Configurations, scripts and documents that name a moved module, by its dotted name or by its path."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from decomposer.model.problems import Problem
from decomposer.rewrite.paths import other_mentions, rewrite_paths
from decomposer.rewrite.strings import Frozen
from decomposer.rewrite.view import View

EXAMPLE = re.compile(rb"^(?P<indent>[ \t]*)>>> [^\r\n]*(?:\r?\n(?P=indent)\.\.\. [^\r\n]*)*", re.MULTILINE)
"""An example in a document or docstring, as `doctest` has it."""
CODE_LINE = re.compile(
    rb"^(?P<before>[ \t]*)"
    rb"(?P<code>(?:from[ \t]+[\w.]+[ \t]+import[ \t]+[^\r\n]+|import[ \t]+\w[\w., \t]*))(?=\r?$)",
    re.MULTILINE,
)
"""A line of a document, or of a docstring, that is an import statement."""
_SERVED = re.compile(
    rb"\b(?:uvicorn|gunicorn|hypercorn|granian|daphne)\b[^\r\n]*?(?<![\w./:-])(?P<module>[A-Za-z_]\w*):(?P<attribute>\w+)"
)
_CODE = re.compile(EXAMPLE.pattern + rb"|" + CODE_LINE.pattern, re.MULTILINE)


def respell_text(
    path: str, source: bytes, view: View, frozen: Frozen, paths: Mapping[str, str],
    respell_code: Callable[[bytes], bytes], problems: list[Problem],
) -> bytes:  # fmt: skip
    """The file with each name and path of a moved module respelled; what cannot be decided is told."""
    done: list[tuple[int, int]] = []
    if path.endswith((".md", ".rst", ".txt")):
        source, done = respell_code_lines(source, respell_code)
    source = _dotted(source, path, view, frozen, problems, done)
    source = _paths_from(source, path, paths)
    source = _escaped_paths(source, paths)
    source = rewrite_paths(source, paths)
    problems += other_mentions(path, source, (), paths)
    problems += _from_their_folder(path, source, view)
    return source


def _from_their_folder(path: str, source: bytes, view: View) -> Iterator[Problem]:
    """A server's target that seems to be named from the folder of a module that moves: `cd app && uvicorn main:app`."""
    for match in _SERVED.finditer(source):
        last, attribute = match["module"].decode(), match["attribute"].decode()
        meant = [old for old in view.renames.pairs if old.endswith(f".{last}") and view.has_name(old, attribute)]
        if len(meant) == 1 and not view.exists(last):
            line, new = source.count(b"\n", 0, match.start("module")) + 1, view.renames.pairs[meant[0]]
            yield Problem(path, line, "string-to-review", f"`{last}:{attribute}` seems to mean `{meant[0]}`, which "
                          f"moves to `{new}`, from its own folder", "it stays as it is", "warning")  # fmt: skip


def respell_code_lines(source: bytes, respell_code: Callable[[bytes], bytes]) -> tuple[bytes, list[tuple[int, int]]]:
    """The text with its lines of import statements respelled, each on its own, and where it was changed.

    A line that is added looks as the first.
    """
    newline = b"\r\n" if b"\r\n" in source else b"\n"
    parts: list[bytes] = []
    done: list[tuple[int, int]] = []
    at = length = 0
    for match in _CODE.finditer(source):
        before = match["before"] if match["code"] else match["indent"] + b">>> "
        lines = match["code"] or b"\n".join(line[len(before) :] for line in re.split(rb"\r?\n", match[0]))
        after = respell_code(lines)
        if after != lines:
            prompts = [line[: len(before)] for line in re.split(rb"\r?\n", match[0])]
            told = re.split(rb"\r?\n", after)
            prompts += prompts[:1] * len(told)
            written = newline.join(prompt + line for prompt, line in zip(prompts, told, strict=False))
            parts += [source[at : match.start()], written]
            length += match.start() - at + len(written)
            done.append((length - len(written), length))
            at = match.end()
    return b"".join([*parts, source[at:]]), done


def respell_names(source: bytes, view: View, frozen: Frozen, done: Sequence[tuple[int, int]] = ()) -> bytes:
    """The text with each dotted name of a moved module respelled, but for the places that are `done`."""
    return _dotted(source, view.path, view, frozen, [], done)


def _dotted(
    source: bytes, path: str, view: View, frozen: Frozen, problems: list[Problem], done: Sequence[tuple[int, int]]
) -> bytes:
    names = b"|".join(re.escape(old.encode()) for old in sorted(view.renames.pairs, reverse=True))
    pattern = re.compile(
        rb"(?:(?<![\w./@-])|(?<=\[mypy-))(?P<old>" + names + rb")(?![\w/@-])(?P<more>(?:[.:]\w+|\.\*)?)"
    )

    chained = any(view.renames.moved(new) for new in view.renames.pairs.values())

    def respell(match: re.Match[bytes]) -> bytes:
        if chained and any(start <= match.start() < end for start, end in done):
            return match[0]
        old, more = match["old"].decode(), match["more"].decode()
        new, single = view.renames.pairs[old], "." not in old
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
    present = b"|".join(re.escape(old.encode()) for old in sorted(paths, reverse=True) if old.encode() in source)
    if not present:
        return source
    pattern = rb"(?:(?<![\w./@$}-])|(?<=[\s\"'=:]\./))(?:" + present + rb")(?![\w-]|\.\w)"
    return re.sub(pattern, lambda match: paths[match[0].decode()].encode(), source)
