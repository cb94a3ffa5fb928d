"""Compact a name-and-size blueprint: `python examples/condense.py FULL.json OUT.json.gz`.

A blueprint lists, for every module of an application, its line count, imports, classes, functions,
routes and tables; no statement of any body. The compact form keeps all of it and says each entry in one
short string, for instance `@try from .admin import router as admin` or `async lifespan 124`.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any


def one_import(entry: dict[str, Any]) -> str:
    """The statement as Python spells it, preceded by its place unless that is the top of the module."""
    names = ", ".join(" as ".join(name) for name in entry.get("names") or entry["import"])
    statement = f"from {entry['from']} import {names}" if "from" in entry else f"import {names}"
    return statement if entry["at"] == "top" else f"@{entry['at']} {statement}"


def one_function(entry: list[Any]) -> str:
    """`name lines`, with `async` before it where it is one."""
    name, lines, is_async = entry
    return f"{'async ' if is_async else ''}{name} {lines}"


def one_class(entry: dict[str, Any]) -> list[Any]:
    """`Name(Base, Base) lines`, the methods, and what is known about its table."""
    head = f"{entry['name']}({', '.join(entry['bases'])}) {entry['loc']}"
    table = {
        key: entry[key] for key in ("table", "tablename", "foreign_keys", "relationships") if key in entry
    }
    return [head, [one_function(method) for method in entry["methods"]], *([table] if table else [])]


def one_module(entry: dict[str, Any]) -> dict[str, Any]:
    """The module with every empty list left out."""
    compact = {
        "path": entry["path"],
        "loc": entry["loc"],
        "imports": [one_import(item) for item in entry.get("imports", ())],
        "classes": [one_class(item) for item in entry.get("classes", ())],
        "functions": [one_function(item) for item in entry.get("functions", ())],
        "routers": entry.get("routers"),
        "routes": [" ".join(item) for item in entry.get("routes", ())],
        "includes": [[item["router"], item["kwargs"]] for item in entry.get("include_router", ())],
    }
    return {key: value for key, value in compact.items() if value or key == "loc"}


def main(source: str, target: str) -> None:
    """Write TARGET; the same input gives the same bytes."""
    modules = [one_module(entry) for entry in json.loads(Path(source).read_text("utf-8"))["modules"]]
    text = json.dumps(modules, separators=(",", ":"), ensure_ascii=False)
    Path(target).write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
