"""The strategies by name."""

from collections.abc import Callable

from .weighted import average, strongest, weighted

Strategy = Callable[[dict[str, list[float]]], list[float]]

STRATEGIES: dict[str, Strategy] = {"average": average, "strongest": strongest, "weighted": weighted}
