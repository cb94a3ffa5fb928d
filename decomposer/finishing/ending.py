"""What the end of the monolith is seen from: a repository on a day."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from msgspec.structs import replace as struct_replace

from decomposer.changeset import Write
from decomposer.extracting.described import describe
from decomposer.extracting.tree import Tree, Way
from decomposer.finishing.settings import with_finish
from decomposer.model.config import CORE, Finish
from decomposer.model.problems import Problem
from decomposer.planning.states import extracted
from decomposer.scaffold.system import System

CONFIGURATION = "decompose.toml"
"""Where it is written what is settled, when there is no configuration yet."""


@dataclass(frozen=True)
class Ending:
    """A repository whose monolith ends, on a day.

    `verified` are the contexts whose certificate holds for the files as they are, `routed` says how much of the
    traffic of those that have a switch goes to their service, in percent. `configuration` is the file that says how it
    ends.
    """

    tree: Tree
    way: Way
    today: datetime.date
    verified: Collection[str] = ()
    routed: Mapping[str, int] = field(default_factory=dict)
    configuration: str = CONFIGURATION

    @property
    def finish(self) -> Finish:
        """What is settled."""
        return self.tree.config.finish

    @cached_property
    def system(self) -> System:
        """Everything that runs."""
        return describe(self.tree, (), self.way.contract)[0]

    @cached_property
    def contexts(self) -> list[str]:
        """All contexts."""
        return [context.name for context in self.tree.rule_set.contexts if context.name != CORE]

    def left_inside(self) -> list[Problem]:
        """An error for each context that has no service yet."""
        paths = frozenset(self.tree.paths)
        return [Problem(self.tree.config.service(name), 0, "not-extracted", "has no service yet",
                        f"decompose extract {name}") for name in self.contexts
                if not extracted(self.tree.config, name, paths)]  # fmt: skip

    def settled(self, finish: Finish) -> tuple[Ending, Write]:
        """The same with something else settled, and the configuration that says so."""
        text = (self.tree.read(self.configuration) or b"").decode("utf-8")
        content = with_finish(self.configuration, text, finish).encode()
        config = struct_replace(self.tree.config, finish=finish)
        return replace(self, tree=replace(self.tree, config=config)), Write(
            self.configuration, content, "how the monolith ends", self.tree.mode(self.configuration) if text
            else "100644",
        )  # fmt: skip
