"""What a service or the core gets of a module that is everybody's: the same file without what belongs to others."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator

from msgspec import structs

from decomposer.extracting.health import with_health
from decomposer.extracting.tree import Tree
from decomposer.model.config import CLIENTS, COPIES, CORE
from decomposer.model.problems import Problem
from decomposer.model.pruning import Gone
from decomposer.planning.contents import Contents, gone_of, is_split
from decomposer.rewrite.package_path import extend_package, without_extension
from decomposer.rewrite.sunset import without_sunset
from decomposer.syntax.header import first_statement_offset
from decomposer.syntax.pruned import pruned


def parts(tree: Tree, found: Contents, problems: list[Problem]) -> Iterator[tuple[str, str, bytes]]:
    """Every part that a service gets: the module, its path below the package, and its bytes."""
    carried = [m for m in found.parted if tree.code.is_package(m) and not tree.code.in_core(m) and
               is_anothers(tree, found, m)]  # fmt: skip
    copied = {module.rpartition(".")[0] for module in (*found.copies, *carried)}
    called = {module.rpartition(".")[0] for module in found.clients}
    for module in sorted(found.parted):
        if tree.code.in_core(module):
            continue
        below = module.partition(".")[2].replace(".", "/")
        content = complete_part(tree, found, module, problems)
        if tree.code.is_package(module):
            place = f"{COPIES}/{below}" if module in carried else below  # nobody else must find it here
            if module not in carried and _lies_above(module, copied):
                content = _with_others(content, COPIES, below, place)
            if _lies_above(module, called):
                content = _with_others(content, CLIENTS, below, place)
            below = f"{place}/__init__.py".lstrip("/")
        else:
            below += ".py"
        yield module, below, content


def complete_part(tree: Tree, found: Contents, module: str, problems: list[Problem]) -> bytes:
    """The part that a service gets of a module: of the entry with health and tables, never without text."""
    code, kind = tree.code, "core" if found.context == CORE else f"{found.context} service"
    content = part_of(tree, found, module, problems)
    if code.is_package(module) and not content.strip():
        return f'"""{module.partition(".")[2] or module} of the {kind}."""\n'.encode()
    if module == code.entry:
        application = (tree.config.entries or ("",))[0].partition(":")[2] or "app"
        if any(d.name == application and d.kind == "function" for d in code.of(module).definitions):
            problems.append(Problem(
                code.path(module), 0, "no-health", f"`{application}` makes the "
                f"application: {found.context} service has no /health", "add it there", "warning"))  # fmt: skip
        else:
            content = with_health(content, tree.readers.facts(content), found.context, application, code.served)
        content = _with_tables(content, tree, found)
    return content


def is_anothers(tree: Tree, found: Contents, package: str) -> bool:
    """Whether a package belongs to one other context altogether."""
    inside = tree.code.path(package).startswith(tree.config.root() + "/")
    if found.context == CORE:
        return False
    return not inside or (not is_split(tree.code, package) and tree.code.owner(package) not in (CORE, ""))


def part_of(tree: Tree, found: Contents, module: str, problems: list[Problem]) -> bytes:
    """The bytes of the part that a service gets of a module; what went with other contexts is told."""
    code, path = tree.code, tree.code.path(module)
    source = tree.read(path) or b""
    shorter = without_extension(source) if code.is_package(module) else without_sunset(source)
    gone = gone_of(code, found, module)
    if shorter != source and code.is_package(module):
        first = source[: _differs_at(source, shorter)].count(b"\n")
        gone = _shifted(gone, first, source.count(b"\n") - shorter.count(b"\n"))
    try:
        after, dropped = pruned(shorter, gone)
    except (SyntaxError, UnicodeDecodeError):
        if module not in found.with_code and not found.parted[module]:
            return b""  # nobody asks it for anything
        problems.append(Problem(path, 0, "not-understood", f"the {found.context} service gets all of it, for this "
                                "Python cannot read it", "use a newer one, or mend it first", "warning"))  # fmt: skip
        return shorter
    included = {event.line for event in code.of(module).routes if event.action in ("include", "mount", "route")}
    for statement in dropped:
        told = statement.name == "TYPE_CHECKING" or any(
            statement.line <= line <= statement.end_line for line in included
        )
        if not told:
            problems.append(Problem(
                path, statement.line, "part-left-out", f"`{statement.text}` is left out of the {found.context} "
                f"service's part: `{statement.name}` is another context's", "read whether the service needs it",
                "warning",
            ))  # fmt: skip
    return after


def _differs_at(longer: bytes, shorter: bytes) -> int:
    at = next((i for i, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), len(shorter))
    return longer.rfind(b"\n", 0, at) + 1


def _shifted(gone: Gone, first: int, lost: int) -> Gone:
    """What is to go, where some lines above it are not there any more."""

    def line(number: int) -> int:
        return number if number <= first else number - lost

    imports = frozenset((line(n), name) for n, name in gone.imports)
    return structs.replace(gone, imports=imports, statements=frozenset(map(line, gone.statements)))


def _lies_above(package: str, others: Collection[str]) -> bool:
    """Whether a package is one of some, or is above one."""
    return any(other == package or other.startswith(package + ".") for other in others)


def _with_others(content: bytes, home: str, below: str, place: str) -> bytes:
    """A package's `__init__.py` that finds what its service has of others in their `home`.

    `below` is its path in the package, `place` where it lies.
    """
    folder = posixpath.relpath(f"{home}/{below}" if below else home, place or ".")
    return extend_package(content, folder, first_statement_offset(content))


def _with_tables(content: bytes, tree: Tree, found: Contents) -> bytes:
    """The service's entry with the tables of the core that foreign keys refer to, which nobody may load otherwise."""
    needs, core = tree.code.needs, tree.code.in_core
    known: set[str] = set()
    queue = [need.module for module in (*found.own, *found.copies) for need in needs.of(module)
             if core(need.module) or need.kind == "table"]  # fmt: skip
    tables: set[str] = set()
    while queue:
        module = queue.pop()
        if module in known:
            continue
        known.add(module)
        for need in needs.of(module):
            if need.kind == "table" and core(need.module):
                tables.add(need.module)
            queue.append(need.module)
    tables |= {need.module for module in (*found.own, *found.copies) for need in needs.of(module)
               if need.kind == "table" and core(need.module)}  # fmt: skip
    if not tables:
        return content
    newline = b"\r\n" if b"\r\n" in content else b"\n"
    lines = ["", "# foreign keys refer to tables of these"]
    for module in sorted(tables):
        parent, _, last = module.rpartition(".")
        lines.append(f"from {parent} import {last} as _{last}  # noqa: E402, F401")
    return content.rstrip() + newline + newline.join(line.encode() for line in lines) + newline
