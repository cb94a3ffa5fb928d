"""Every task by its name."""

from importlib import import_module


class Registry:
    def __init__(self, include: list[str]) -> None:
        self.include, self.tasks = include, {}

    def load(self) -> None:
        for module in self.include:
            import_module(module)

    def task(self, name: str):
        return lambda function: self.tasks.setdefault(name, function)

    def names(self) -> list[str]:
        return sorted(self.tasks)


registry = Registry(include=["app.services.order_tasks"])
task = registry.task
SCHEDULE = {
    "ship": {"task": "app.services.order_tasks.ship", "every": 60},  # often
}
ELSEWHERE = ["json", "app.services.order_tasks.ship"]
