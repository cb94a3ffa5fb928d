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


registry = Registry(include=["orders_service.services.order_tasks", "bills_service.services.bill_tasks"])
task = registry.task
SCHEDULE = {
    "ship": {"task": "orders_service.services.order_tasks.ship", "every": 60},  # often
    "send": {"task": "bills_service.services.bill_tasks.send", "every": 900},
}
ELSEWHERE = ["json", "orders_service.services.order_tasks.ship"]
