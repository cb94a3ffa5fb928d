"""Which files move where, from what a person writes: `OLD NEW` as paths or dotted names."""

from __future__ import annotations

import keyword
import posixpath
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from decomposer.model.moves import ALIAS, ModuleMove, MovePlan
from decomposer.model.problems import DecomposerError, Problem
from decomposer.planning.layout import Layout, dotted_path

BY_WAY = "move it by way of another name"


def plan_moves(
    pairs: Sequence[tuple[str, str]], paths: Sequence[str], list_folder: Callable[[str], list[str]],
    read: Callable[[str], bytes | None], preferred: Callable[[], str] = str, here: str = "", alias: bool = False,
) -> MovePlan:  # fmt: skip
    """The plan for some moves; `list_folder` gives all files below a folder, data files included.

    `preferred` is asked for the source folder that is meant where a dotted name may mean several modules. `here` is
    the folder that a person stands in: paths are looked for below it first, then from the repository's root. `alias`
    says whether each old name is to have one.

    Raises DecomposerError with every reason why they cannot be made.
    """
    layout = Layout(paths, read)
    problems: list[Problem] = []
    pairs = [layout.seen_from(here, old, new) for old, new in pairs]
    moves = [move for old, new in pairs if (move := _read_pair(old, new, layout, preferred, problems)) is not None]
    problems += _refused_aliases(moves) if alias else ()
    if problems:
        raise DecomposerError(problems)
    sources = {_home(layout, move.old_path) for move in moves}
    targets = {(_root(layout, move), move.new.partition(".")[0]) for move in moves}
    if len(sources) > 1 or len(targets) > 1:
        raise DecomposerError(Problem(
            moves[0].old_path, 0, "several-packages", "modules of several packages, or to several, cannot move at once",
            "move them one after another",
        ))  # fmt: skip
    files: dict[str, str] = {}
    for move in moves:
        if move.is_package:
            for path in list_folder(move.old_path):
                files[path] = move.new_path + path[len(move.old_path) :]
        else:
            files[move.old_path] = move.new_path
            if read(f"{move.old_path}i") is not None:  # the stubs of the module
                files[f"{move.old_path}i"] = f"{move.new_path}i"
    _refuse_shadows(layout, moves, read)
    replaced = _refuse(layout, moves, files, paths, read)
    (source, package), (new_source, new_package) = sources.pop(), targets.pop()
    return MovePlan(
        tuple(moves), source, package, new_source, new_package, files, _new_packages(layout, moves, files), replaced
    )  # fmt: skip


def _read_pair(
    old: str, new: str, layout: Layout, preferred: Callable[[], str], problems: list[Problem]
) -> ModuleMove | None:
    found = layout.find(old)
    if len(found) > 1:
        source = preferred()
        found = [path for path in found if source and path.startswith(source + "/")] or found
    if len(found) != 1:
        if found:
            problems.append(Problem(old, 0, "ambiguous", f"may mean {' or '.join(found)}", "name it by its path"))
        else:
            near = layout.near(old)
            hint = f"did you mean {near}?" if near else (
                "name it by its path or its dotted name, from the repository's root")
            problems.append(Problem(old, 0, "no-module", "there is no such module or package here", hint))
        return None
    path = found[0]
    is_package = path not in layout.files
    root = layout.root_of(path + "/__init__.py" if is_package else path)
    old_name = dotted_path(path, root)
    if old.endswith(f".{old_name}"):  # both are named from further out than imports start
        new = new.removeprefix(old.removesuffix(old_name))
    target = _target(new, path, root, is_package, layout)
    if "/" in new and target.startswith(("../", "/")):
        problems.append(Problem(new, 0, "outside", "lies outside the repository"))
        return None
    if "." in target.rpartition("/")[2].removesuffix(".py"):
        problems.append(Problem(new, 0, "no-name", "is no name of a Python module"))
        return None
    new_root = root if not root or target.startswith(root + "/") else layout.root_of(target)
    new_name = dotted_path(target, new_root)
    if not is_package and target.endswith(".py") is False:
        target += ".py"
    parts = new_name.split(".")
    if not all(part.isidentifier() and not keyword.iskeyword(part) for part in parts):
        problems.append(Problem(new, 0, "no-name", f"`{new_name}` cannot be imported: every part must be a name"))
        return None
    if new_name == old_name and target == path:
        problems.append(Problem(new, 0, "same", "is where the module is already"))
        return None
    if is_package and f"{target}/".startswith(f"{path}/"):
        meanwhile = f"{old_name}_moved"
        problems.append(Problem(new, 0, "inside", f"lies inside `{old_name}` itself", f"in two moves: decompose move "
                                f"{old_name} {meanwhile} --no-alias, then {meanwhile} {new_name}"))  # fmt: skip
        return None
    return ModuleMove(old_name, new_name, path, target, is_package)


def _refused_aliases(moves: Sequence[ModuleMove]) -> Iterator[Problem]:
    """Modules that go below their own name: that is a package's then, and can hand over nothing else."""
    for move in moves:
        if move.new.startswith(f"{move.old}."):
            yield Problem(move.new, 0, "no-alias", f"leaves no room for an alias: `{move.old}` is the package that it "
                          "lies in then", "--no-alias respells every reference")  # fmt: skip


def _target(new: str, path: str, root: str, is_package: bool, layout: Layout) -> str:
    """The path that a module is to have."""
    if "/" in new or new.endswith(".py"):
        target = posixpath.normpath(new)
        if target.endswith("/__init__.py"):
            target = target.removesuffix("/__init__.py")
        if target in layout.folders or (new.endswith("/") and not is_package):  # as `mv` has it: into the folder
            target = f"{target}/{path.rpartition('/')[2]}"
        return target if is_package or target.endswith(".py") else f"{target}.py"
    target = posixpath.join(root, new.replace(".", "/"))
    return target if is_package else f"{target}.py"


def _home(layout: Layout, path: str) -> tuple[str, str]:
    root = layout.root_of(path + "/__init__.py" if path not in layout.files else path)
    return root, dotted_path(path, root).partition(".")[0]


def _root(layout: Layout, move: ModuleMove) -> str:
    return move.new_path.removesuffix(".py").removesuffix(move.new.replace(".", "/")).rstrip("/")


def _refuse_shadows(layout: Layout, moves: Sequence[ModuleMove], read: Callable[[str], bytes | None]) -> None:
    """DecomposerError for what is only an alias, and for a file and a package of one name: only one can be imported."""
    problems: list[Problem] = []
    for move in moves:
        source = read(move.old_path) or b"" if not move.is_package else b""
        if ALIAS.encode() in source:
            name = source.partition(ALIAS.encode())[2].partition(b",")[0].decode("utf-8", "replace")
            problems.append(Problem(move.old_path, 0, "alias", f"is only an alias: `{move.old}` is `{name}` already",
                                    f"move `{name}`, or delete the alias"))  # fmt: skip
        elif move.is_package and f"{move.old_path}.py" in layout.files:
            problems.append(Problem(
                f"{move.old_path}.py", 0, "shadowed", f"has the dotted name `{move.old}` too: nothing imports it while "
                "the package is there", "rename or delete it first",
            ))  # fmt: skip
        elif not move.is_package and move.old_path.removesuffix(".py") in layout.packages:
            problems.append(Problem(move.old_path, 0, "shadowed", "cannot be imported: a package has the same name",
                                    f"rename the file by hand, nothing can mean it by `{move.old}`"))  # fmt: skip
    if problems:
        raise DecomposerError(problems)


def _refuse(
    layout: Layout, moves: Sequence[ModuleMove], files: dict[str, str], paths: Sequence[str],
    read: Callable[[str], bytes | None],
) -> tuple[str, ...]:  # fmt: skip
    """The alias modules that give way; DecomposerError when a file would be lost or two would be one."""
    problems = list(_refused_twice(moves))
    if problems:
        raise DecomposerError(problems)
    problems += _refused_spellings(layout, moves, files, paths)
    replaced: list[str] = []
    for old, new in files.items():
        content = read(new)
        if content is not None and new not in files:
            if ALIAS.encode() in content:
                replaced.append(new)
            else:
                problems.append(Problem(new, 0, "exists", f"is there already: {old} cannot go there"))
    for move in moves:
        beside = move.new_path.removesuffix(".py") + ("/__init__.py" if not move.is_package else "")
        beside = beside if not move.is_package else move.new_path + ".py"
        if read(beside) is not None and beside not in files and ALIAS.encode() not in (read(beside) or b""):
            problems.append(Problem(beside, 0, "exists", f"has the dotted name `{move.new}` already"))
        elif read(beside) is not None and move.is_package and beside not in files:
            replaced.append(beside)
    if problems:
        raise DecomposerError(problems)
    return tuple(replaced)


def _refused_twice(moves: Sequence[ModuleMove]) -> Iterator[Problem]:
    """Modules that are to move twice, alone or with a package around them, and names that two are to have."""
    for position, move in enumerate(moves):
        for other in moves[:position]:
            if move.old_path == other.old_path:
                yield Problem(move.old, 0, "twice", f"is to be `{other.new}` and `{move.new}`: it can only be one"
                              if move.new != other.new else "is named twice")  # fmt: skip
            elif move.new_path == other.new_path or move.new == other.new:
                yield Problem(move.new, 0, "twice", f"cannot be both `{other.old}` and `{move.old}`")
            else:
                outer, inner = sorted((move, other), key=lambda one: len(one.old_path))
                if inner.old_path.startswith(f"{outer.old_path}/"):
                    yield Problem(inner.old, 0, "twice", f"moves with `{outer.old}` already")


def _refused_spellings(
    layout: Layout, moves: Sequence[ModuleMove], files: dict[str, str], paths: Sequence[str]
) -> Iterator[Problem]:
    """New paths that differ from others only in ways that some disks do not tell apart.

    There a file that is written would be the one that is removed or made an alias a moment later.
    """
    same = "on disks that do not tell upper from lower case, or forms of one letter"
    known = {_folded(path): path for path in (*files, *paths)}
    folders = {_folded(folder): folder for folder in layout.folders}
    told: set[str] = set()
    for new in files.values():
        parts = new.split("/")
        for folder in ("/".join(parts[:end]) for end in range(1, len(parts))):
            there = folders.setdefault(_folded(folder), folder)
            if there != folder and folder not in layout.folders:
                hint = BY_WAY if any(move.old_path == there for move in moves) else f"write it `{there}`"
                if folder not in told:
                    yield Problem(folder, 0, "exists", f"is the same as {there} {same}", hint)
                told.add(folder)
                break
        else:
            other = known.get(_folded(new), new)
            if other != new:
                yield Problem(new, 0, "exists", f"is the same as {other} {same}", BY_WAY if other in files else "")
        known[_folded(new)] = new


def _folded(path: str) -> str:
    return unicodedata.normalize("NFKC", path).casefold()


def _new_packages(layout: Layout, moves: Sequence[ModuleMove], files: dict[str, str]) -> tuple[str, ...]:
    """The folders on the way to a moved module that are no packages yet, where the old way was made of packages."""
    needed: set[str] = set()
    coming = set(files.values())
    for move in moves:
        old_folder = move.old_path.rpartition("/")[0]
        root = _root(layout, move)
        folder = move.new_path.rpartition("/")[0]
        regular = old_folder in layout.packages or layout.root_of(move.old_path) == old_folder
        while folder and folder != root:
            if regular and folder not in layout.packages and f"{folder}/__init__.py" not in coming and (
                folder not in layout.folders or folder.rpartition("/")[0] in layout.packages
            ):  # fmt: skip
                needed.add(folder)
            folder = folder.rpartition("/")[0]
    return tuple(sorted(needed))


def summarize_moves(plan: MovePlan, changed: Sequence[str]) -> tuple[str, ...]:
    """What the move does, in a few lines."""
    lines = [f"{move.old} -> {move.new}" for move in plan.moves]
    moved = {*plan.files, *plan.files.values()}
    others = [path for path in changed if path not in moved]
    other = "other " if moved else ""
    return (*lines, f"{len(others)} {other}{'file is' if len(others) == 1 else 'files are'} changed or made")
