"""`decompose.toml`, or `[tool.decompose]` in pyproject.toml, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from decomposer.model.config import Config, Limits
from decomposer.model.problems import DecomposerError
from decomposer.rules.toml import Document

_KEYS = ("source", "package", "entry", "rules", "services", "layers", "limits", "exclude")
_LIMITS = ("service", "service_target", "file")


def read_configuration(path: str, text: str) -> Config | None:
    """The configuration in a file; None when a pyproject.toml has no `[tool.decompose]`.

    Raises DecomposerError with every mistake in the file.
    """
    document = Document(path, text)
    data: Mapping[str, Any] = document.data
    table = ""
    if path.endswith("pyproject.toml"):
        tool = data.get("tool", {})
        if "decompose" not in tool:
            return None
        data, table = tool["decompose"], "tool.decompose"
    if document.problems:
        raise DecomposerError(document.problems)
    document.unknown(data, _KEYS, table)
    source = document.string(data, "source", "", table).strip("/").removeprefix("./").removeprefix(".")
    package = document.string(data, "package", "", table)
    entries = document.strings(data, "entry", table)
    if not package.isidentifier():
        document.complain(document.line_of("package", table), "config", "`package` must name the monolith's package",
                          'for example package = "app"')  # fmt: skip
    for entry in entries:
        if not entry.partition(":")[0].replace(".", "_").isidentifier() or not entry.startswith(package):
            document.complain(document.line_of("entry", table), "config",
                              f"`entry` must be module:attribute inside `{package}`, not `{entry}`")  # fmt: skip
    for key in ("source", "rules", "services"):
        value = document.string(data, key, "", table)
        if value.startswith("/") or ".." in value.split("/"):
            document.complain(document.line_of(key, table), "outside", f"`{key}` points outside the repository")
    limits = data.get("limits", {})
    layers = data.get("layers", {})
    if not isinstance(limits, dict) or not isinstance(layers, dict):
        document.complain(document.line_of("limits", table), "wrong-type", "`limits` and `layers` must be tables")
        limits, layers = {}, {}
    prefix = f"{table}." if table else ""
    document.unknown(limits, _LIMITS, f"{prefix}limits")
    defaults = Limits()
    values = {key: document.integer(limits, key, getattr(defaults, key), f"{prefix}limits") for key in _LIMITS}
    names = tuple((layer, document.string(layers, layer, layer, f"{prefix}layers")) for layer in sorted(layers))
    config = Config(
        source, package, entries, document.string(data, "rules", "", table),
        document.string(data, "services", "apps", table), names, Limits(**values),
        document.strings(data, "exclude", table), path,
    )  # fmt: skip
    if document.problems:
        raise DecomposerError(document.problems)
    return config
