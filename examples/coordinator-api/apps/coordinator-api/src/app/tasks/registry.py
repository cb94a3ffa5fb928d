"""A register of tasks by name, in the manner of a task queue but in this process."""

import logging
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from ..exceptions import NotFound

logger = logging.getLogger(__name__)


class TaskRegistry:
    """Tasks by name; the modules named in `include` register theirs when they are loaded."""

    def __init__(self, include: Sequence[str] = ()) -> None:
        self.include = tuple(include)
        self._tasks: dict[str, Callable[..., Any]] = {}

    def task(self, name: str | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register the decorated function as `name`, by default its dotted name."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            self._tasks[name or f"{function.__module__}.{function.__qualname__}"] = function
            return function

        return register

    def load(self) -> None:
        """Import every module in `include`, which registers its tasks."""
        for module in self.include:
            import_module(module)

    def names(self) -> list[str]:
        """Return the names of all tasks, sorted."""
        self.load()
        return sorted(self._tasks)

    def send(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Run the task called `name` and return what it returns."""
        self.load()
        if name not in self._tasks:
            raise NotFound("task", name)
        logger.info("running %s", name)
        return self._tasks[name](*args, **kwargs)


registry = TaskRegistry(
    include=[
        "app.services.payments",
        "app.services.agent_performance_service",
        "app.tasks.periodic",
    ]
)
task = registry.task

SCHEDULE = {
    "settle what is due": {"task": "app.services.payments.settle_due", "every_seconds": 60},
    "score every agent": {"task": "app.services.agent_performance_service.rescore", "every_seconds": 900},
    "forget old messages": {"task": "app.tasks.periodic.prune_messages", "every_seconds": 86_400},
}
