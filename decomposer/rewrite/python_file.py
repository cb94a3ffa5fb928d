"""A Python file with every reference to moved modules respelled, and nothing else changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from decomposer.model.problems import Problem
from decomposer.model.sites import Edit, Sites
from decomposer.rewrite.import_statements import from_edits
from decomposer.rewrite.strings import Frozen, string_edits
from decomposer.rewrite.texts import respell_code_lines, respell_names
from decomposer.rewrite.uses import use_edits
from decomposer.rewrite.view import View
from decomposer.syntax.bytes_of_text import Text, text_of
from decomposer.syntax.sites import read_sites


def respell_python(
    content: Text, sites: Sites, view: View, frozen: Frozen, paths: Mapping[str, str], more: Iterable[Edit],
    problems: list[Problem],
) -> bytes:  # fmt: skip
    """The file's bytes after the move; `more` are edits that others want made."""
    edits = [*more]
    for site in sites.imports:
        if site.is_from:
            edits += from_edits(site, view, content)
    edits += use_edits(sites, view, content)
    edits += string_edits(sites, view, content, frozen, paths, problems)
    edits += _docstrings(sites, view, content, frozen)
    return content.edited({_narrowed(edit, content.utf8) for edit in edits})


def respell_code(source: bytes, view: View) -> bytes:
    """A piece of code inside a text, respelled as one of no package; what is no code stays as it is."""
    try:
        content = text_of(source)
    except (SyntaxError, UnicodeDecodeError):
        return source
    sites = read_sites(source, content)
    if sites.error:
        return source
    outside = replace(view, package="", new_package="")
    return respell_python(content, sites, outside, Frozen(), {}, (), [])


def _docstrings(sites: Sites, view: View, content: Text, frozen: Frozen) -> Iterator[Edit]:
    for site in sites.texts:
        if "docstring" in site.around and any(last in site.value for last in view.renames.lasts):
            raw = content.utf8[site.start : site.end]
            after, done = respell_code_lines(raw, lambda code: respell_code(code, view))
            after = respell_names(after, view, frozen, done)
            if after != raw:
                yield Edit(site.start, site.end, after)


def _narrowed(edit: Edit, utf8: bytes) -> Edit:
    """The same edit without what it leaves as it is at its ends."""
    before, after = utf8[edit.start : edit.end], edit.text
    if not before:
        return edit
    shorter = min(len(before), len(after))
    head = 0
    while head < shorter and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < shorter - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return Edit(edit.start + head, edit.end - tail, after[head : len(after) - tail])
