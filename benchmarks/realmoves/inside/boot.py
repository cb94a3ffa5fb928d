"""What an application serves and which of its modules import, as JSON: `boot.py JOB RESULT`.

The job has `entry` ("app.main:app"), `modules` (imported one after another) and `fresh` (each in a process of its own).
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
SCHEMAS = "#/components/schemas/"
PRELOADED = ("fastapi", "pydantic", "sqlalchemy", "sqlmodel")
"""Libraries that every process of its own would load again."""


def main() -> None:
    """Does the job that a file holds and writes the result to another; then ends at once, whatever still runs."""
    job = json.loads(Path(sys.argv[1]).read_text())
    for name in PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    result: dict[str, Any] = {"fresh": {name: _forked(name) for name in job["fresh"]}}
    if job["entry"]:
        result["served"] = served(job["entry"])
    result["imports"] = {name: imported(name) for name in job["modules"]}
    Path(sys.argv[2]).write_text(json.dumps(result))
    os._exit(0)


def imported(name: str) -> str:
    """What is raised by importing a module, "" for nothing; an alias has to hand over the module itself."""
    try:
        module = importlib.import_module(name)
    except BaseException as error:  # an application may exit, or raise what it likes
        return f"{type(error).__name__}: {error}"
    return "" if sys.modules.get(module.__name__, module) is module else "there are two of it"


def _forked(name: str) -> str:
    reader, writer = os.pipe()
    if not (child := os.fork()):
        os.write(writer, imported(name).encode()[:60_000])
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    return told or (f"status {status}" if status else "")


def served(entry: str) -> dict[str, Any]:
    """The operations with every schema spelled out, and the routes in order; or what booting raises."""
    module, _, name = entry.partition(":")
    try:
        app = getattr(importlib.import_module(module), name)
        app = app if hasattr(app, "openapi") else app()
        document = app.openapi()
    except BaseException as error:
        return {"error": f"{type(error).__name__}: {error}"}
    expanded = expander(document.get("components", {}).get("schemas", {}))
    operations = {
        f"{method.upper()} {path}": json.dumps(expanded(operation), sort_keys=True)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }
    return {"error": "", "paths": len(document["paths"]), "operations": operations, "routes": list(routes(app.routes))}


def routes(found: Any) -> Iterator[str]:
    """Each route in order, as it answers: path, methods and the function's own name."""
    for route in found:
        methods = ",".join(sorted(getattr(route, "methods", None) or ()))
        endpoint = getattr(route, "endpoint", None)
        yield f"{getattr(route, 'path', '')} {methods} {getattr(endpoint, '__qualname__', type(route).__name__)}"


def expander(schemas: dict[str, Any]) -> Callable[[Any], Any]:
    """A function that puts schemas where they are referred to: their names carry module paths."""

    def expand(value: Any, inside: tuple[str, ...] = ()) -> Any:
        if isinstance(value, list):
            return [expand(item, inside) for item in value]
        if isinstance(value, str):
            return SCHEMAS if value.startswith(SCHEMAS) else value
        if not isinstance(value, dict):
            return value
        name = value.get("$ref", "")
        if isinstance(name, str) and name.startswith(SCHEMAS):
            name = name.removeprefix(SCHEMAS)
            if name in inside:
                return {"again": len(inside) - inside.index(name)}
            return expand(schemas.get(name, {"missing": name}), (*inside, name))
        return {key: expand(item, inside) for key, item in value.items() if key != "discriminator"}

    return expand


if __name__ == "__main__":
    main()
