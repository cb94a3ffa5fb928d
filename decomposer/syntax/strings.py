"""Strings that may name a module, an attribute, a table or a class, with the call they were given to."""

from __future__ import annotations

import ast
import re

from decomposer.model.facts import Dynamic, Text
from decomposer.syntax.dotted import argument, dotted, template, text, texts

DOTTED = re.compile(r"\.*[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::[A-Za-z_][\w.]*)?", re.ASCII)
NAMES = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)
NAMING_CALLS = frozenset({"ForeignKey", "relationship", "Relationship"})
PATH_CALLS = frozenset({"insert", "append", "join", "Path", "joinpath"})
"""Calls that put folders together, often for `sys.path`: their words tell which project a script means."""
DYNAMIC_CALLS = frozenset({"import_module", "__import__"})


def looks_like_a_name(value: str) -> bool:
    """Whether a string has the form `a.b`, `.a`, `a.b:c`: a single word alone says too little."""
    return 2 < len(value) < 200 and ("." in value or ":" in value) and DOTTED.fullmatch(value) is not None


def looks_like_a_folder(value: str) -> bool:
    """Whether a string may be a folder, or a part of one: no white space, a slash or a hyphen in it."""
    return 2 < len(value) < 200 and ("/" in value or "-" in value) and not any(c.isspace() for c in value)


def read_call_texts(call: ast.Call, callee: str, line: int, scope: str) -> list[Text]:
    """The naming strings among a call's arguments, each with its role: the callee, or `callee(keyword)`."""
    found: list[Text] = []
    last = callee.rpartition(".")[2]
    for value in (v for given in call.args for v in texts(given)):
        if last in PATH_CALLS and looks_like_a_folder(value):
            found.append(Text(line, scope, value, callee))
        elif last in NAMING_CALLS or looks_like_a_name(value):
            found.append(Text(line, scope, value, callee or "()"))
    for keyword in call.keywords:
        for value in texts(keyword.value):
            if keyword.arg == "foreign_key" or looks_like_a_name(value):
                found.append(Text(line, scope, value, f"{callee}({keyword.arg or '**'})"))
    return found


def read_dynamic(call: ast.Call, callee: str, line: int, scope: str) -> Dynamic | None:
    """`import_module(...)` and `__import__(...)`; the module is "" when it is computed."""
    if callee.rpartition(".")[2] not in DYNAMIC_CALLS:
        return None
    module = text(argument(call, 0, "name"))
    if module is None:
        # An f-string keeps its literal beginning: `f"app.plugins.{name}"` may load any module of app.plugins.
        module = template(argument(call, 0, "name"))
        module = "" if module.startswith("\x01") else module.partition("\x01")[0] + "*"
    package = argument(call, 1, "package") if callee.endswith("import_module") else None
    return Dynamic(line, scope, module, text(package) or dotted(package))


def annotation_names(value: str) -> list[str]:
    """The dotted names in a string annotation such as `"list[Agent]"`."""
    return NAMES.findall(value) if len(value) < 300 else []
