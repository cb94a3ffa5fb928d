"""Systems to render from, made of plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ruamel.yaml import YAML

from decomposer.model.config import Deploy
from decomposer.model.problems import Problem
from decomposer.scaffold import render
from decomposer.scaffold.system import Artefact, Contract, Monolith, Operation, Service, System
from decomposer.scaffold.templates import renderer
from decomposer.shell.locate import data_folder

MONOLITH = Monolith("shop-api", "apps/shop-api", "apps/shop-api/src", "app", "app.main:app", 8000, "/srv/shop", "shop-")
CORE = Service("shop-core", "core", "what all have in common", "apps/shop-core", 0, "", ("shop_core",),
               ("sqlmodel>=0.0.22",), (), ">=3.11", "")  # fmt: skip
DEPLOY = Deploy()


def service(context: str, port: int, **more: Any) -> Service:
    """A service with the usual folder, package and health."""
    made = Service(
        context, context, f"all of {context}", f"apps/{context}", port, "app.main:app", ("app",),
        ("fastapi>=0.115", "uvicorn>=0.30"), (), ">=3.11", "shop-core", probes=("/health",),
    )  # fmt: skip
    return replace(made, **more)


def operations(*lines: str) -> tuple[Operation, ...]:
    """Operations in the order in which they are tried, each as in `orders GET /v1/orders/{id}`; `-` is the monolith."""
    found = []
    for order, line in enumerate(lines):
        context, method, path = line.split(" ")
        context = "" if context == "-" else context
        found.append(Operation(order, method, path, context, f"app.routers.{context or 'main'}:answer{order}",
                               f"apps/shop-api/src/app/routers/{context or 'main'}.py", 10 + order))  # fmt: skip
    return tuple(found)


def system(
    services: Iterable[Service], served: tuple[Operation, ...] = (), files: Mapping[str, str] | None = None,
    monolith: Monolith = MONOLITH, deploy: Deploy = DEPLOY, contract: Contract | None = None,
) -> System:  # fmt: skip
    """A system of the core and these services, each with its own operations; `files` are the repository's."""
    texts = files or {}
    owned = [replace(one, operations=tuple(o for o in served if o.context == one.context)) for one in services]
    return System(monolith, (CORE, *owned), served, deploy, tuple(sorted(texts)),
                  lambda path: texts[path].encode() if path in texts else None, lambda: contract)  # fmt: skip


def loaded(text: str) -> Any:
    """What a YAML file says."""
    return YAML(typ="safe", pure=True).load(text)


def rendered(target: str, made: System, *contexts: str) -> tuple[dict[str, str], list[Problem]]:
    """The files of one target by path, for all services or those named, and what is said."""
    services = [one for one in made.services if not contexts or one.context in contexts]
    items = list(render(made, services, [target], renderer(data_folder("templates"))))
    files = {item.path: item.text for item in items if isinstance(item, Artefact)}
    return files, [item for item in items if isinstance(item, Problem)]
