"""Taking dead code out: files that go, bytes that go from others, and what must hold afterwards as before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from decomposer.changeset import ChangeSet, Write, build_changeset
from decomposer.extracting.tree import Tree
from decomposer.facts.words import words_in
from decomposer.graph.link import is_test
from decomposer.model.dead_code import Evidence, Finding
from decomposer.model.facts import Import
from decomposer.model.problems import Problem
from decomposer.model.pruning import Gone
from decomposer.pruning.lost import lost_modules, settled
from decomposer.pruning.proof import unchanged
from decomposer.pruning.selecting import Selection
from decomposer.pruning.units import Unit
from decomposer.syntax.pruned import pruned


class Round(Struct, frozen=True):
    """A selection taken out of a repository: the change, the repository after it, and what stands in its way."""

    selection: Selection
    change_set: ChangeSet
    after: Tree
    problems: tuple[Problem, ...]


def take_out(tree: Tree, selection: Selection) -> Round:
    """A selection taken out, without what has to stay after all; with errors the change is not to be made."""
    keep_ours = False
    change_set, after, told = ChangeSet(), tree, list[Problem]()
    while selection.findings:
        change_set, told = _change(tree, selection, keep_ours)
        after = tree.after(change_set)
        lost = lost_modules(tree, after, selection)
        if not lost:
            break
        if keep_ours:
            selection = settled(tree, after, selection, lost)
        keep_ours = True  # an import without a use may be what loads a module
    if not selection.findings:
        return Round(selection, ChangeSet(), tree, selection.problems)
    problems = [*selection.problems, *told, *unchanged(tree, after, selection), *_still_named(selection)]
    return Round(selection, change_set, after, tuple(problems))


def _change(tree: Tree, selection: Selection, keep_ours: bool) -> tuple[ChangeSet, list[Problem]]:
    """The change; `keep_ours` says whether imports of the package stay that nothing uses any more."""
    units, problems = selection.units(), list[Problem]()
    files = {f.path for f in selection.findings if not f.name} | set(selection.tests)
    parts: dict[str, list[Finding]] = {}
    for finding in selection.findings:
        if finding.name and finding.path not in files:
            parts.setdefault(finding.path, []).append(finding)
    writes = [Write(path, None, "prune", tree.mode(path)) for path in sorted(files)]
    for path in sorted(tree.python):
        if path in files:
            continue
        gone = _gone(tree, path, units, parts.get(path, []), keep_ours)
        if gone is not None:
            content = _without(tree, path, gone, parts.get(path, []), problems)
            writes.append(Write(path, content, "prune", tree.mode(path)))
    return build_changeset(writes, {write.path: tree.read(write.path) for write in writes}), problems


def _gone(tree: Tree, path: str, units: frozenset[Unit], parts: Sequence[Finding], keep_ours: bool) -> Gone | None:
    """What goes from a file that stays; None when nothing does."""
    facts = tree.python[path]
    imports = {(fact.line, bound) for fact in facts.imports for bound, unit in _imported(tree, path, fact)
               if unit in units or (unit[0], "") in units
               if not any(part.line <= fact.line <= part.end_line for part in parts)}  # fmt: skip
    texts = {(entry.line, entry.value) for entry in facts.name_tables if path in tree.code.modules.name_of
             and (tree.code.symbols.relative(path, entry.value.partition(":")[0]), "") in units}  # fmt: skip
    if not (imports or texts or parts):
        return None
    going = {part.name for part in parts} | {bound for _, bound in imports}
    keep = (set(facts.bindings) | {d.name for d in facts.definitions if "." not in d.name}) - going
    if parts:
        keep -= set(_idle(tree, path, keep_ours))
    return Gone(frozenset(imports), frozenset(part.line for part in parts), frozenset(keep), texts=frozenset(texts))


def _imported(tree: Tree, path: str, fact: Import) -> Iterator[tuple[str, Unit]]:
    """Each name that an import binds, with the module, or the definition in one, that it stands for."""
    modules, symbols = tree.code.modules, tree.code.symbols
    base = modules.absolute(path, fact.level, fact.module) if path in modules.name_of or not fact.level else None
    if base is None or not modules.is_ours(base):
        return
    for name, bound in fact.names:
        if not fact.is_from:
            yield bound, (modules.longest(name)[0], "")
        elif name != "*":
            symbol = symbols.resolve(base, name)
            if symbol is not None and not symbol.external:
                yield bound, (symbol.module, symbol.name.partition(".")[0])


def _idle(tree: Tree, path: str, keep_ours: bool) -> Iterator[str]:
    """Imported names that may go when nothing in their file uses them any more: nobody else asks for them there."""
    modules = tree.code.modules
    module = modules.name_of.get(path, "")
    asked: set[str] = set()
    for other, facts in tree.python.items():
        for fact in facts.imports:
            base = modules.absolute(other, fact.level, fact.module) if other in modules.name_of else fact.module
            if fact.is_from and base == module:
                asked.update(name for name, _ in fact.names)
    touching = {edge.path for edge in tree.graph.edges if edge.target == module and edge.path != path}
    bound = [(name, fact) for fact in tree.python[path].imports for _, name in fact.names]
    for other in touching:  # `patch("app.jobs.requests")`, `jobs.requests`
        if is_test(other) or not other.endswith(".py"):
            asked |= words_in(tree.read(other) or b"", {name.encode() for name, _ in bound})
    for edge in tree.graph.edges:
        if edge.target == module and edge.names and edge.kind in ("string", "config"):
            asked.add(edge.names[0].partition(".")[0])
    for name, fact in bound:
        ours = fact.level > 0 or modules.is_ours(fact.module)
        if name not in asked and "*" not in asked and not (ours and keep_ours):
            yield name


def _without(tree: Tree, path: str, gone: Gone, parts: Sequence[Finding], problems: list[Problem]) -> bytes:
    """A file's bytes without what goes, and a problem where more than that would have to go."""
    source = tree.read(path) or b""
    try:
        after, dropped = pruned(source, gone)
    except (SyntaxError, UnicodeDecodeError):
        problems.append(Problem(path, 0, "not-understood", "this Python cannot read it, and it names what goes",
                                "use a newer one, or take it out yourself"))  # fmt: skip
        return source
    names = {part.name for part in parts}
    left = Counter(d.name for d in tree.readers.facts(after).definitions)
    wanted = Counter(d.name for d in tree.python[path].definitions if d.name.partition(".")[0] not in names)
    if left != wanted or dropped:
        line, text = (dropped[0].line, dropped[0].text) if dropped else (0, ", ".join(sorted(wanted - left)))
        problems.append(Problem(path, line, "would-take-more", f"`{text}` would have to go too",
                                "it is used after all: keep it, or edit this file first"))  # fmt: skip
    return after


def _still_named(selection: Selection) -> Iterator[Problem]:
    """A warning for each that strings or configurations go on naming, and one for all that documents do."""
    files = {finding.path for finding in selection.findings if not finding.name}
    told: list[Evidence] = []
    for finding in selection.findings:
        told += [one for one in finding.evidence if one.kind == "document" and one.path not in files]
        named = (one for one in finding.evidence if one.kind in ("string", "config"))
        places = list({(one.path, one.line): one for one in named if one.path not in files}.values())
        if places:
            more = f", as {len(places) - 1} more do" if len(places) > 1 else ""
            yield Problem(places[0].path, places[0].line, "still-named", f"names {finding.subject()}, which goes{more}",
                          "read whether that still means something", "warning")  # fmt: skip
    if told:
        count = len({one.path for one in told})
        more = f", as {count - 1} more files do" if count > 1 else ""
        yield Problem(told[0].path, told[0].line, "still-described", f"a document or comment names what goes{more}",
                      "decompose prune --format json has all places", "warning")  # fmt: skip
