"""`decompose.toml`, or `[tool.decompose]` in pyproject.toml, as a value."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

from decomposer.model.config import Config, Deploy, Finish, Limits
from decomposer.model.problems import DecomposerError
from decomposer.model.steps import RETIRABLE
from decomposer.rules.toml import Document
from decomposer.rules.toml_lines import Place

_KEYS = ("source", "package", "entry", "rules", "services", "core", "service", "layers", "limits", "exclude",
         "templates", "scaffold", "deploy", "finish")  # fmt: skip
_FOLDERS = {"source": ".", "rules": "", "services": "apps", "templates": ""}
_DEPLOY = {"root": (r"(/[A-Za-z0-9._-]+)+", "/srv/shop"), "prefix": (r"[a-z][a-z0-9-]*-", "shop-"),
           "header": (r"[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*", "X-Route-To"),
           "internal": (r"(/[A-Za-z0-9_-]+)+", "/internal")}  # fmt: skip
_LIMITS = ("service", "service_target", "file")


def read_configuration(path: str, text: str) -> Config | None:
    """The configuration in a file; None when a pyproject.toml has no `[tool.decompose]`.

    Its package is "" where it says nothing of where the monolith lies, which is then found by looking.
    Raises DecomposerError with every mistake in the file.
    """
    document = Document(path, text)
    data: Mapping[str, Any] = document.data
    at: Place = ()
    if path.endswith("pyproject.toml"):
        tool = data.get("tool", {})
        if not document.problems and not (isinstance(tool, dict) and "decompose" in tool):
            return None
        at = ("tool", "decompose")
        data = document.table(document.table(data, "tool"), "decompose", ("tool",))
    if document.problems:
        raise DecomposerError(document.problems)
    document.unknown(data, _KEYS, at)
    package = document.string(data, "package", "", at)
    found_by_looking = not {"package", "source", "entry"} & data.keys()
    if not package.isidentifier() and not found_by_looking:
        document.complain((*at, "package"), "config", "`package` must name the monolith's package",
                          'for example package = "app"')  # fmt: skip
    folders = (_folder(document, data, key, default, at) for key, default in _FOLDERS.items())
    source, rules, services, templates = folders
    config = Config(
        "" if source == "." else source, package, _entries(document, data, package, at), rules, services,
        _layers(document, data, at), _limits(document, data, at), _excluded(document, data, at),
        _core(document, data, at), _own_package(document, data, package, at), templates,
        document.strings(data, "scaffold", at), _deploy(document, data, at),
        _finish(document, data, at), origin=path,
    )  # fmt: skip
    if document.problems:
        raise DecomposerError(document.problems)
    return config


def _core(document: Document, data: Mapping[str, Any], at: Place) -> str:
    name = document.string(data, "core", "", at)
    if name and not re.fullmatch(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*", name):
        document.complain((*at, "core"), "config", "`core` must be a distribution's name",
                          'for example core = "shop-core"')  # fmt: skip
        return ""
    return name


def _deploy(document: Document, data: Mapping[str, Any], at: Place) -> Deploy:
    """How the monolith is deployed; what is not written as a unit or nginx could read it safely is a mistake."""
    deploy = document.table(data, "deploy", at)
    place = (*at, "deploy")
    document.unknown(deploy, ("port", *_DEPLOY), place)
    defaults = Deploy()
    port = document.integer(deploy, "port", defaults.port, place)
    if not 0 <= port < 65536:
        document.complain((*place, "port"), "config", f"`port` must be a port, not {port}")
    given = {key: document.string(deploy, key, getattr(defaults, key), place) for key in _DEPLOY}
    for key, (pattern, example) in _DEPLOY.items():
        if given[key] and not re.fullmatch(pattern, given[key]):
            document.complain((*place, key), "config", f"`{key}` cannot be `{given[key]}`",
                              f'for example {key} = "{example}"')  # fmt: skip
    return Deploy(given["root"], port, given["prefix"], given["header"], given["internal"] or defaults.internal)


def _finish(document: Document, data: Mapping[str, Any], at: Place) -> Finish:
    """How the monolith ends; days may be written as TOML's own dates."""
    finish = document.table(data, "finish", at)
    place = (*at, "finish")
    document.unknown(finish, ("rest", "deprecated", "sunset", "retired"), place)
    days = {key: _day(document, finish, key, place) for key in ("deprecated", "sunset")}
    if "" not in days.values() and days["sunset"] < days["deprecated"]:
        document.complain((*place, "sunset"), "config", "`sunset` is before `deprecated`")
    retired = document.strings(finish, "retired", place)
    for position, target in enumerate(retired):
        if target not in RETIRABLE:
            document.complain((*place, "retired", position), "config", f"`{target}` cannot do without the monolith",
                              f"known: {', '.join(RETIRABLE)}")  # fmt: skip
    return Finish(document.string(finish, "rest", "", place), days["deprecated"], days["sunset"],
                  tuple(one for one in RETIRABLE if one in retired))  # fmt: skip


def _day(document: Document, table: Mapping[str, Any], key: str, place: Place) -> str:
    value = table.get(key, "")
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    day = document.string(table, key, "", place)
    try:
        return datetime.date.fromisoformat(day).isoformat() if day else ""
    except ValueError:
        document.complain((*place, key), "config", f"`{key}` cannot be `{day}`", f"for example {key} = 2027-06-30")
        return ""


def _own_package(document: Document, data: Mapping[str, Any], package: str, at: Place) -> str:
    """What each service's package is called; "" for the monolith's own name."""
    service = document.table(data, "service", at)
    place = (*at, "service")
    document.unknown(service, ("package",), place)
    name = document.string(service, "package", "", place)
    if name in ("", package):
        return ""
    if "{context}" not in name or not name.replace("{context}", "a").isidentifier():
        document.complain((*place, "package"), "config", "a service's `package` must hold the context's name, or be "
                          "the monolith's", 'for example package = "{context}"')  # fmt: skip
        return ""
    return name


def plain_folder(path: str) -> str:
    """A folder relative to the repository as the tool writes it: `a/b` for `./a/b/`, `.` for the repository itself."""
    return "/".join(part for part in path.split("/") if part not in ("", ".")) or "."


def _folder(document: Document, data: Mapping[str, Any], key: str, default: str, at: Place) -> str:
    value = document.string(data, key, default, at)
    _must_be_inside(document, value, (*at, key), f"`{key}`")
    return plain_folder(value) if value or default else ""


def _must_be_inside(document: Document, path: str, place: Place, what: str) -> None:
    if path.startswith(("/", "~")) or ".." in path.split("/"):
        document.complain(place, "outside", f"{what} points outside the repository")


def _entries(document: Document, data: Mapping[str, Any], package: str, at: Place) -> tuple[str, ...]:
    entries = document.strings(data, "entry", at)
    for position, entry in enumerate(entries):
        module, colon, attribute = entry.partition(":")
        is_named = all(part.isidentifier() for part in (*module.split("."), *(attribute.split(".") if colon else ())))
        if not is_named or module.partition(".")[0] != package:
            document.complain((*at, "entry", position), "config",
                              f"`entry` must be module:attribute inside `{package}`, not `{entry}`")  # fmt: skip
    return entries


def entry_line(path: str, text: str, position: int) -> tuple[str, int]:
    """Where one of the entries stands in a configuration's file: its path and the line."""
    at: Place = ("tool", "decompose") if path.endswith("pyproject.toml") else ()
    return path, Document(path, text).line((*at, "entry", position))


def _layers(document: Document, data: Mapping[str, Any], at: Place) -> tuple[tuple[str, str], ...]:
    layers = document.table(data, "layers", at)
    place = (*at, "layers")
    named = tuple((layer, document.string(layers, layer, layer, place)) for layer in sorted(layers))
    for layer, name in named:
        _must_be_inside(document, name, (*place, layer), f"`{layer}`")
    return named


def _limits(document: Document, data: Mapping[str, Any], at: Place) -> Limits:
    limits = document.table(data, "limits", at)
    place = (*at, "limits")
    document.unknown(limits, _LIMITS, place)
    defaults = Limits()
    values = {key: document.integer(limits, key, getattr(defaults, key), place) for key in _LIMITS}
    for key, value in values.items():
        if value < 1:
            document.complain((*place, key), "wrong-type", f"`{key}` must be 1 or more, not {value}")
    return Limits(**values)


def _excluded(document: Document, data: Mapping[str, Any], at: Place) -> tuple[str, ...]:
    excluded = document.strings(data, "exclude", at)
    for position, path in enumerate(excluded):
        _must_be_inside(document, path, (*at, "exclude", position), f"`{path}`")
    return tuple(plain_folder(path) for path in excluded)
