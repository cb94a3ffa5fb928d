"""What every check looks at."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property

from decomposer.extracting.described import describe
from decomposer.extracting.tree import Tree
from decomposer.model.config import CORE
from decomposer.planning.states import extracted
from decomposer.scaffold.system import System, Template


@dataclass(frozen=True)
class Scene:
    """A repository as it is, on a day; `template` renders calls, to compare them with what was rendered."""

    tree: Tree
    today: datetime.date
    template: Template | None = None

    @cached_property
    def serving(self) -> list[str]:
        """The contexts that have a service, in the order of the plan."""
        names = [context.name for context in self.tree.rule_set.contexts]
        return [name for name in names if name != CORE and extracted(self.tree.config, name, self.tree.paths)]

    @cached_property
    def system(self) -> System:
        """The monolith and its services, as everything is rendered from them."""
        return describe(self.tree, (), lambda: None)[0]
