"""Modules named by attributes, `a.b.c.f()`, and the plain imports that make such names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from decomposer.model.sites import OF_CALL, Edit, ImportedName, ImportSite, Sites, UseSite
from decomposer.rewrite.import_statements import added_statements, name_edit
from decomposer.rewrite.view import View
from decomposer.syntax.bytes_of_text import Text

_GAP = re.compile(rb"(?:[^\w#\x80-\xff]|#[^\r\n]*)*")
"""What stands between the parts of a dotted name: a dot, spaces, line ends, comments, brackets."""
_DOT = re.compile(rb"(#[^\r\n]*)|\.")


def use_edits(sites: Sites, view: View, content: Text) -> Iterator[Edit]:
    """The edits of plain imports of moved modules and of every `a.b.c` that names one."""
    work = _Uses(sites, view, content)
    yield from work.uses()
    yield from work.plain_imports()
    yield from work.annotations()


class _Uses:
    def __init__(self, sites: Sites, view: View, content: Text) -> None:
        self.sites, self.view, self.content = sites, view, content
        self.renames = view.renames
        self.bound: dict[int, list[tuple[str, str]]] = {}
        """Of each import statement the names that it binds to modules: `(name, module)`."""
        for position, site in enumerate(sites.imports):
            self.bound[position] = list(self._modules(site))
        self.explicit = {
            old
            for site in sites.imports if not site.is_from
            for name in site.names if not name.renamed and "." in name.name and (old := self.renames.moved(name.name))
        }  # fmt: skip
        self.residual: set[tuple[int, str]] = set()
        self.added: dict[int, dict[str, None]] = {}
        self.called = {old: self._called(new) for old, new in self.renames.pairs.items()}

    def _modules(self, site: ImportSite) -> Iterator[tuple[str, str]]:
        for name in site.names:
            if not site.is_from:
                yield name.bound, name.name if name.renamed else name.name.partition(".")[0]
            else:
                base = self.view.absolute(site.level, site.module)
                if base is not None and name.name != "*" and self.view.is_submodule(base, name.name):
                    yield name.bound, f"{base}.{name.name}"

    def _called(self, new: str) -> str:
        """How a moved module is named in this file: in full, or by a name of its own where that would be hidden."""
        top = new.partition(".")[0]
        taken = {
            name
            for number, (_, names) in enumerate(self.sites.scopes)
            for name in names
            if name == top and not self._is_package(number, name)
        }
        if not taken:
            return new
        everything = {name for _, names in self.sites.scopes for name in names}
        last = new.rpartition(".")[2]
        while last in everything:
            last += "_"
        return last

    def _is_package(self, scope: int, name: str) -> bool:
        """Whether a scope binds a name by nothing but plain imports of the package of that name."""
        found = [
            site for site in self.sites.imports
            if site.scope == scope and any(imported.bound == name for imported in site.names)
        ]  # fmt: skip
        return bool(found) and all(
            not site.is_from and not imported.renamed
            for site in found for imported in site.names if imported.bound == name
        )  # fmt: skip

    def uses(self) -> Iterator[Edit]:
        """The edits of names; notes which names of plain imports are still needed, and which imports are missing."""
        in_text: set[tuple[int, int, str, str]] = set()
        for use in self.sites.uses:
            if use.scope == OF_CALL:
                yield from self._of_call(use)
                continue
            meant = self._meant(use)
            if meant is None:
                continue
            module, old, statement = meant
            if not old or len(old) <= len(module):
                self.residual.add((use.scope, use.name))
                continue
            parent, _, child = old.rpartition(".")
            if not self.view.is_submodule(parent, child):  # the package calls something else so
                self.residual.add((use.scope, use.name))
                continue
            plain = not self.sites.imports[statement].is_from
            if not (plain and old in self.explicit):
                if self.view.binds_child(parent, child):
                    self.residual.add((use.scope, use.name))
                    continue
                self.added.setdefault(statement, {})[old] = None
            depth = old.count(".") - module.count(".")
            if use.in_text:
                written = ".".join(use.name.split(".")[: depth + 1])
                in_text.add((use.start, use.ends[depth], written, self.called[old]))
            else:
                yield from self._use(use, depth, self.called[old].encode())
        for start, end in sorted({(start, end) for start, end, *_ in in_text}):
            told = {written: called for first, last, written, called in in_text if (first, last) == (start, end)}
            yield Edit(start, end, _in_fields(self.content.utf8[start:end], told))

    def _use(self, use: UseSite, depth: int, called: bytes) -> Iterator[Edit]:
        """The edits of a name; brackets and comments between its parts stay."""
        raw = self.content.utf8[use.start : use.ends[depth]]
        if b"#" not in raw and b")" not in raw:
            yield Edit(use.start, use.ends[depth], called)
            return
        yield Edit(use.start, use.ends[0], called)
        for start, end in zip(use.ends[:depth], use.ends[1 : depth + 1], strict=True):
            gap = _GAP.match(self.content.utf8, start, end)
            yield Edit(start, end, _DOT.sub(rb"\1", gap[0]) if gap else b"")

    def _of_call(self, use: UseSite) -> Iterator[Edit]:
        """The edit of `.b.c` in `__import__("a.b.c").b.c`: what is loaded is the top package."""
        old = self.renames.moved(use.name)
        if old:
            depth = old.count(".")
            below = self.renames.pairs[old].partition(".")[2]
            yield Edit(use.start, use.ends[depth], f".{below}".encode() if below else b"")

    def _meant(self, use: UseSite) -> tuple[str, str, int] | None:
        """The module that a use's first name is, the moved module that the whole leads to, and the import statement."""
        root, _, rest = use.name.partition(".")
        for statement in use.imports:
            for name, module in self.bound[statement]:
                if name == root:
                    full = f"{module}.{rest}" if rest else module
                    return module, self.renames.moved(full), statement
        return None

    def plain_imports(self) -> Iterator[Edit]:
        """The edits of `import a.b.c`, and the imports that are added where a name was there by accident."""
        for position, site in enumerate(self.sites.imports):
            if not site.is_from:
                for name in site.names:
                    old = self.renames.moved(name.name)
                    if old:
                        new, told = self.renames.new(name.name), self._plain(site, name, old)
                        yield name_edit(name, new, told, self.content.utf8)
            missing = self.added.get(position, {})
            if missing:
                lines = [self._import(old) for old in missing]
                yield from added_statements(site, (), lines, self.content)

    def _import(self, old: str) -> str:
        new, called = self.renames.pairs[old], self.called[old]
        return f"import {new}" if called == new else f"import {new} as {called}"

    def _plain(self, site: ImportSite, name: ImportedName, old: str) -> str:
        new = self.renames.new(name.name)
        if name.renamed:
            return new if new == name.bound != name.name else f"{new} as {name.bound}"
        if "." not in name.name:
            return f"{new} as {name.name}" if new != name.name else new
        called = self.called[old]
        told = new if called == self.renames.pairs[old] else f"{new} as {called}"
        parent = old.rpartition(".")[0]
        root = name.bound
        still = [used for scope, used in self.residual if scope == site.scope and used.partition(".")[0] == root]
        others = [
            other.name for statement in self.sites.imports if not statement.is_from and statement.scope == site.scope
            for other in statement.names
            if other is not name and other.bound == root and not self.renames.moved(other.name)
        ]  # fmt: skip
        same_top = told == new and new.partition(".")[0] == root
        needs = [used for used in still if not same_top or used == parent or used.startswith(parent + ".")]
        if parent and needs and not any(other == parent or other.startswith(parent + ".") for other in others):
            return f"{parent}, {told}"
        return told

    def annotations(self) -> Iterator[Edit]:
        """The edits of `a.b.c` inside annotations that are strings."""
        for text in self.sites.texts:
            if "annotation" not in text.around or "docstring" in text.around or "." not in text.value:
                continue
            raw = self.content.utf8[text.start : text.end]
            after = _respelled(raw, {old: self.called[old] for old in self.explicit})
            if after != raw:
                yield Edit(text.start, text.end, after)


def _respelled(text: bytes, names: Mapping[str, str]) -> bytes:
    """The text with each of some dotted names respelled, all at once."""
    if not names:
        return text
    any_name = "|".join(re.escape(name) for name in sorted(names, reverse=True))
    pattern = rf"(?<![\w.])(?:{any_name})(?!\w)".encode()
    return re.sub(pattern, lambda match: names[match[0].decode()].encode(), text)


def _in_fields(text: bytes, names: Mapping[str, str]) -> bytes:
    """An f-string with dotted names respelled, in its replacement fields only."""
    parts, depth = [], 0
    for part in re.split(rb"(\{\{|\}\}|\{|\})", text):
        if part == b"{" or (part == b"{{" and depth):
            depth += part.count(b"{")
        elif part == b"}" or (part == b"}}" and depth):
            depth = max(0, depth - part.count(b"}"))
        parts.append(_respelled(part, names) if depth else part)
    return b"".join(parts)
