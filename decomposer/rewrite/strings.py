"""Strings that name a moved module: respelled when they are it or begin with it at a boundary, else told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from decomposer.model.problems import Problem
from decomposer.model.sites import Edit, Sites, TextSite
from decomposer.rewrite.paths import rewrite_paths
from decomposer.rewrite.view import View, absolute, relative
from decomposer.syntax.bytes_of_text import Text

IMPORTING = frozenset(
    ("import_module", "__import__", "find_spec", "resolve_name", "run_module", "importorskip", "import_string",
     "import_from_string", "get_data", "files", "open_text", "read_text", "open_binary", "read_binary", "path",
     "contents", "is_resource", "reload", "walk_packages", "locate", "get_loader", "find_loader", "autodiscover_tasks")
)  # fmt: skip
PATCHING = frozenset(
    ("patch", "multiple", "dict", "setattr", "delattr", "patch_object", "spy", "stub", "setitem", "delitem")
)
LOGGING = frozenset(("getLogger", "get_logger", "assertLogs", "assertNoLogs", "getChild", "set_level", "at_level"))
ABOUT_LOGS = re.compile(rb"logging|caplog|assertLogs|structlog|loguru")
EVALUATING = frozenset(("relationship", "Relationship", "backref"))
"""Calls whose strings are evaluated as expressions."""
SERVING = frozenset(("run", "Config", "serve", "Granian", "Popen", "call", "check_call", "main"))
"""Calls that run an application, or a command that does."""
TASKS = frozenset(("task", "shared_task", "periodic_task"))


class Frozen(Struct, frozen=True):
    """Names that stay as they were: tasks by their old module, names given in full, and modules' loggers."""

    tasks: Mapping[str, frozenset[str]] = {}
    named: frozenset[str] = frozenset()
    loggers: frozenset[str] = frozenset()


def string_edits(
    sites: Sites, view: View, content: Text, frozen: Frozen, paths: Mapping[str, str], problems: list[Problem]
) -> Iterator[Edit]:
    """The edits of a file's strings; what cannot be decided is told in `problems`."""
    computes = any(use.name.rpartition(".")[2] in ("import_module", "__import__") for use in sites.uses)
    for site in sites.texts:
        if "docstring" in site.around or "annotation" in site.around:
            continue
        raw = content.utf8[site.start : site.end]
        new = _respelled(site, raw, view, frozen, computes, content, sites, problems)
        if new is None and "/" in site.value:
            new = rewrite_paths(raw, paths)
        if new is not None and new != raw:
            yield Edit(site.start, site.end, new)


def _respelled(
    site: TextSite, raw: bytes, view: View, frozen: Frozen, computes: bool, content: Text, sites: Sites,
    problems: list[Problem],
) -> bytes | None:  # fmt: skip
    """The literal as it is to be; None where it says nothing of a moved module."""
    value = site.value
    if value.startswith("."):
        if not (_imports(site) or (computes and _is_entry(site))):
            return None
        return _relative(site, raw, view, sites)
    if value.isidentifier() and computes and not view.alias and _is_entry(site):
        return _entry(site, raw, view, content, problems)
    if any(call.rpartition(".")[2] in EVALUATING for call in _calls(site)):
        return _every(raw, view)
    head, mark, tail = _parts(value)
    if "\\." in value:
        return _escaped(raw, view)
    old = view.renames.moved(head)
    if not old:
        target = _beside(site, raw, head, tail, view, problems) if mark == ":" and _serves(site) else None
        return target or _command(site, raw, view, problems)
    if "." not in old and not (_names_modules(site) or (mark == ":" and _serves(site))):
        return None
    if "format" in site.around and len(value) == len(old):
        return None  # `f"app.wallet{suffix}"` is another name
    if _is_frozen(site, value, old, frozen) or (
        value in frozen.loggers and not _names_modules(site) and ABOUT_LOGS.search(content.utf8)
    ):
        return raw
    rest = value[len(old) + 1 :]
    first = re.split(r"[.:]", rest)[0] if rest else ""
    if first and not (_patches(site) or view.has_name(old, first) or view.exists(f"{old}.{first}")):
        problems.append(Problem(
            view.path, site.line, "string-to-review", f"`{value[:80]}` begins with `{old}`, which moves to "
            f"`{view.renames.pairs[old]}`, but names nothing in it", "it stays as it is", "warning",
        ))  # fmt: skip
        return raw
    if value.endswith(".") and mark == "" and not tail and not _names_modules(site):
        return raw
    return _put(raw, old, view.renames.pairs[old], site, view, problems)


def _parts(value: str) -> tuple[str, str, str]:
    """The dotted name that a string begins with, what ends it, and the rest."""
    match = re.match(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*", value)
    if match is None:
        return "", "", value
    end = match.end()
    following = value[end : end + 1]
    if following not in ("", ":", ".", "[") or (following == ":" and "://" in value):
        return "", "", value
    return match[0], following, value[end + 1 :]


def _beside(
    site: TextSite, raw: bytes, head: str, attribute: str, view: View, problems: list[Problem]
) -> bytes | None:
    """`main:app` in a file that is run in its own folder, where a module of that name moves."""
    target = f"{view.package}.{head}"
    old = view.renames.moved(target)
    if not (view.package and old and view.exists(target)) or view.exists(head.partition(".")[0]):
        return None
    if not (attribute and view.has_name(target, attribute.split(".")[0])):
        return None
    new = view.renames.new(target)
    if new.startswith(f"{view.new_package}."):
        return _put(raw, head, new[len(view.new_package) + 1 :], site, view, problems)
    problems.append(Problem(
        view.path, site.line, "string-to-review", f"`{site.value[:80]}` seems to mean, from the file's own folder, "
        f"`{target}`, which moves to `{new}`", "name it from the folder that it is run in", "warning",
    ))  # fmt: skip
    return raw


def _put(raw: bytes, old: str, new: str, site: TextSite, view: View, problems: list[Problem]) -> bytes | None:
    found, count = re.subn(
        rb"\A([a-zA-Z]*(?:'''|\"\"\"|'|\"))" + re.escape(old.encode()) + rb"(?!\w)",
        lambda match: match[1] + new.encode(), raw, count=1,
    )  # fmt: skip
    if count:
        return found
    problems.append(Problem(view.path, site.line, "string-to-review", f"`{site.value[:80]}` names `{old}`, which "
                            f"moves to `{new}`, but is put together from parts", severity="warning"))  # fmt: skip
    return raw


def _escaped(raw: bytes, view: View) -> bytes:
    """The literal with each moved module in it respelled that is written as a regular expression, `a\\.b`."""
    dotted = [old.split(".") for old in sorted(view.renames.pairs, reverse=True) if "." in old]
    names = "|".join(r"\\{1,2}\.".join(map(re.escape, parts)) for parts in dotted)

    def respell(match: re.Match[bytes]) -> bytes:
        dot = re.search(rb"\\+\.", match[0])
        old = re.sub(rb"\\+\.", b".", match[0]).decode()
        return (dot[0] if dot else b".").join(view.renames.pairs[old].encode().split(b"."))

    return re.sub(rf"(?<![\w.])(?:{names})(?!\w)".encode(), respell, raw) if names else raw


def _every(raw: bytes, view: View) -> bytes:
    """The literal with each moved module in it respelled."""
    names = "|".join(re.escape(old) for old in sorted(view.renames.pairs, reverse=True) if "." in old)
    pattern = rf"(?<![\w.])(?:{names})(?!\w)".encode()
    return re.sub(pattern, lambda match: view.renames.pairs[match[0].decode()].encode(), raw) if names else raw


def _calls(site: TextSite) -> list[str]:
    return [part[5:] for part in site.around if part.startswith("call:")]


def _patches(site: TextSite) -> bool:
    return any(
        (last := call.rpartition(".")[2]) in PATCHING or last in IMPORTING or "patch" in call for call in _calls(site)
    )


def _imports(site: TextSite) -> bool:
    return any(call.rpartition(".")[2] in IMPORTING for call in _calls(site)[-1:])


def _serves(site: TextSite) -> bool:
    """Whether a string is given to what runs an application: elsewhere `users:read` may be a permission."""
    return any(call.rpartition(".")[2] in SERVING for call in _calls(site)[-1:])


def _names_modules(site: TextSite) -> bool:
    return _patches(site) or "of:sys.modules" in site.around


def _is_entry(site: TextSite) -> bool:
    """Whether a string is a value of a display that is assigned to a name, as in a table of modules."""
    return site.around[-1:] != ("key",) and any(part.startswith("into:") for part in site.around) and not _calls(site) \
        and not any(part == "into:__all__" for part in site.around)  # fmt: skip


def _is_frozen(site: TextSite, value: str, old: str, frozen: Frozen) -> bool:
    """Whether a string is the name of a logger or task, which outlives the move."""
    calls = _calls(site)
    last = calls[-1].rpartition(".")[2] if calls else ""
    if last in LOGGING or "arg:logger" in site.around or ("under:loggers" in site.around and site.around[-1] == "key"):
        return True
    if last in TASKS and "arg:name" in site.around:
        return True
    if any(call.rpartition(".")[2] in PATCHING for call in calls):
        return False
    if value in frozen.named:
        return True
    tasks = frozen.tasks.get(old, frozenset())
    rest = value[len(old) + 1 :]
    return bool(tasks) and (rest in tasks or rest.startswith("*"))


def _relative(site: TextSite, raw: bytes, view: View, sites: Sites) -> bytes | None:
    """A relative name given to `import_module` or written in a table of modules."""
    match = re.fullmatch(r"(\.+)([\w.]*)((?::[\w.]+)?)", site.value)
    if match is None:
        return None
    dots, module, attribute = match.groups()
    anchor = _anchor(site, sites)
    package = anchor if anchor is not None else view.package
    target = absolute(package, len(dots), module)
    if not target or not view.exists(target):
        return None
    new_target = view.renames.new(target)
    new_package = view.renames.new(anchor) if anchor is not None else view.new_package
    if absolute(new_package, len(dots), module) == new_target:
        return None
    same_top = new_package.partition(".")[0] == new_target.partition(".")[0]
    told = relative(new_package, new_target) if same_top else new_target
    return raw.replace(site.value.encode(), (told + attribute).encode(), 1)


def _anchor(site: TextSite, sites: Sites) -> str | None:
    """The literal package that a relative name is given with, None for the file's own."""
    if not _calls(site):
        return None
    depth = max(position for position, part in enumerate(site.around) if part.startswith("call:"))
    call = site.around[: depth + 1]
    for other in sites.texts:
        follows = other.start > site.end and other.start - site.end < 200
        if follows and other.around in ((*call, "arg:1"), (*call, "arg:package")):
            return other.value
    return None


def _entry(site: TextSite, raw: bytes, view: View, content: Text, problems: list[Problem]) -> bytes | None:
    """A bare name in a table whose reader puts a dot in front of it."""
    target = f"{view.package}.{site.value}"
    old = view.renames.moved(target)
    if not view.package or not old or not view.exists(target):
        return None
    new = view.renames.new(target)
    if re.search(rb"f[\"']\.\{", content.utf8) and new.partition(".")[0] == view.new_package.partition(".")[0]:
        return raw.replace(site.value.encode(), relative(view.new_package, new)[1:].encode(), 1)
    if new.startswith(view.new_package + "."):
        return raw.replace(site.value.encode(), new[len(view.new_package) + 1 :].encode(), 1)
    problems.append(Problem(
        view.path, site.line, "string-to-review", f"`{site.value}` seems to be an entry of a table of modules and to "
        f"mean `{target}`, which moves to `{new}`", "change the table by hand, or keep the alias", "warning",
    ))  # fmt: skip
    return None


def _command(site: TextSite, raw: bytes, view: View, problems: list[Problem]) -> bytes | None:
    """A string with a moved module in it where it can mean nothing else: `-m a.b`, `a.b:main`, `NAME=a.b`.

    Any other mention is told.
    """
    pairs = view.renames.pairs
    names = "|".join(re.escape(old) for old in sorted(pairs, reverse=True) if "." in old and old in site.value)
    if not names:
        return None
    evident = rf"(?<=-m )(?:{names})(?![\w.])|(?<=[\s=\"'])(?:{names})(?=:[A-Za-z_]\w*)"
    evident += rf"|(?<=[\w\]]=)(?:{names})(?=[\"'])"
    after = re.sub(evident.encode(), lambda match: pairs[match[0].decode()].encode(), raw)
    left = re.sub(evident.encode(), b"", raw).decode("utf-8", "replace")
    for old in dict.fromkeys(match[0] for match in re.finditer(rf"(?<![\w.])(?:{names})(?!\w)", left)):
        if old in view.renames.parted:  # it stays where it is, and only a part of it goes along
            continue
        problems.append(Problem(view.path, site.line, "string-to-review", f"a string mentions `{old}`, which moves "
                                f"to `{pairs[old]}`", "it stays as it is", "warning"))  # fmt: skip
    return after if after != raw else None


def frozen_names(sites: Sites, module: str, tasks: Collection[str]) -> frozenset[str]:
    """The names that tasks of a moved module are given in full, as written there."""
    return frozenset(
        site.value for site in sites.texts
        if "arg:name" in site.around and any(call.rpartition(".")[2] in TASKS for call in _calls(site))
    ) | frozenset(f"{module}.{task}" for task in tasks)  # fmt: skip
