"""As much of Celery as names tasks: a task is called after its module unless it says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any

_shared: dict[str, Callable[..., Any]] = {}


def _named(function: Callable[..., Any], name: str | None) -> str:
    return name or f"{function.__module__}.{function.__name__}"


class Celery:
    """An application: `tasks` by name once `load` has imported what it includes."""

    def __init__(self, main: str = "", include: Any = (), **_: Any) -> None:
        self.include = list(include)
        self.conf = SimpleNamespace(beat_schedule={}, task_routes={}, imports=())
        self._own: dict[str, Callable[..., Any]] = {}

    def task(self, function: Any = None, *, name: str | None = None, **_: Any) -> Any:
        """Registers a task, as a decorator with or without arguments."""
        return _register(self._own, function, name)

    def load(self) -> Celery:
        """What a worker does first."""
        for module in (*self.include, *self.conf.imports):
            import_module(module)
        return self

    def config_from_object(self, module: str) -> None:
        """Settings from a module."""
        vars(self.conf).update(vars(import_module(module)))

    def autodiscover_tasks(self, packages: list[str], related_name: str = "tasks") -> None:
        """Imports one module in each package."""
        for package in packages:
            import_module(f"{package}.{related_name}")

    @property
    def tasks(self) -> dict[str, Callable[..., Any]]:
        """Every task by its name."""
        return {**_shared, **self._own}

    def send_task(self, name: str, args: Any = ()) -> Any:
        """Runs a task by name, as a worker would."""
        return self.tasks[name](*args)

    def queue(self, name: str) -> str:
        """The queue that a task's messages go to."""
        return str(self.conf.task_routes.get(name, {}).get("queue", "default"))


def shared_task(function: Any = None, *, name: str | None = None, **_: Any) -> Any:
    """Registers a task with every application."""
    return _register(_shared, function, name)


def _register(tasks: dict[str, Callable[..., Any]], function: Any, name: str | None) -> Any:
    def add(function: Any) -> Any:
        function.name = _named(function, name)
        tasks[function.name] = function
        function.delay = function
        return function

    return add(function) if function else add
