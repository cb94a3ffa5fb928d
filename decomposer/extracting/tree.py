"""A repository as it is, or as it would be after some changes: what one step of the plan works on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from msgspec.structs import replace as struct_replace

from decomposer.assigning.owners import Assignment, assign
from decomposer.assigning.traits import file_traits, gone_files
from decomposer.changeset import ChangeSet, Write
from decomposer.facts.text import read_text, word
from decomposer.graph.link import link
from decomposer.model.config import CORE, Config, Context, RuleSet
from decomposer.model.edges import Graph
from decomposer.model.facts import PythonFacts, TextFacts
from decomposer.moving.readers import Readers
from decomposer.planning.clients import Calling
from decomposer.planning.codebase import Codebase
from decomposer.planning.policies import Policies
from decomposer.planning.sharing import Sharing, plan_sharing
from decomposer.rewrite.package_path import found_homes
from decomposer.rules.contexts import read_rules
from decomposer.scaffold.distributions import Providers
from decomposer.scaffold.system import Contract


@dataclass(frozen=True, slots=True)
class Way:
    """What all steps have in common: the template renderer, and when aliases expire.

    `contract` gives what the monolith promised when the baseline was recorded, None where none was; `targets` are what
    is rendered for each service.
    """

    template: Callable[..., str]
    expires: str
    contract: Callable[[], Contract | None]
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Distributions:
    """Who provides what is imported: as the interpreter of the baseline had it, and as this tool's own has it."""

    recorded: Callable[[], Providers] = dict
    own: Callable[[], Providers] = dict


@dataclass(frozen=True)
class Tree:
    """The files of a repository, what they say, and who owns them.

    `read` gives a file's bytes by its path, `mode` git's mode of it, `below` all files below a folder, `link_above` the
    symbolic link that a path would lead through and its target. `python` and `texts` are the facts by path of the files
    that mention the package, `paths` all Python files, `everything` all files; `readers` understand any content.
    `distributions` are asked where the monolith's requirements do not tell whose something is.
    """

    config: Config
    rule_set: RuleSet
    python: Mapping[str, PythonFacts]
    texts: Mapping[str, TextFacts]
    paths: tuple[str, ...]
    everything: tuple[str, ...]
    read: Callable[[str], bytes | None]
    mode: Callable[[str], str]
    below: Callable[[str], list[str]]
    link_above: Callable[[str], tuple[str, str] | None]
    graph: Graph
    assignment: Assignment
    readers: Readers = field(default_factory=Readers)
    distributions: Distributions = Distributions()

    @cached_property
    def code(self) -> Codebase:
        """The code base as planning sees it."""
        return Codebase(self.config, self.graph, self.assignment, self.python)

    @cached_property
    def sharing(self) -> Sharing:
        """What the core is to hold besides what it has."""
        contexts = [known.name for known in self.rule_set.contexts]
        return plan_sharing(self.code, contexts, self.policies, self.config.limits.service)

    @cached_property
    def policies(self) -> Policies:
        """How the rules settle what contexts need of each other."""
        return Policies(self.rule_set, self.code)

    @cached_property
    def calling(self) -> Calling:
        """What contexts call of each other over HTTP."""
        return Calling(self.code, self.policies, self.read, self.sharing.modules, self.sharing.without_room)

    @property
    def core_lines(self) -> int:
        """The lines that the core has, and is to have besides; what each service gets a part of is not among them."""
        modules = {*self.sharing.modules, *(name for name in self.code.modules.path_of if self.code.in_core(name))}
        return sum(self.code.of(module).lines for module in modules)

    def remember(self, writes: Iterable[Write]) -> None:
        """Takes note of what files say that only go elsewhere, so that they are not read again."""
        for write in writes:
            if write.moved_from in self.python and write.content and write.content == self.read(write.moved_from):
                self.readers.facts.known.setdefault(write.content, self.python[write.moved_from])

    def after(self, change_set: ChangeSet) -> Tree:
        """The repository as it would be after a change."""
        final = {change.path: change.after for change in change_set.changes}
        modes = {change.path: change.mode for change in change_set.changes}
        there = {path for path, after in final.items() if after is not None}
        everything = sorted(there | {path for path in self.everything if final.get(path, b"") is not None})
        paths = tuple(path for path in everything if path.endswith(".py"))

        def read(path: str) -> bytes | None:
            return final[path] if path in final else self.read(path)

        def below(folder: str) -> list[str]:
            kept = [path for path in self.below(folder) if final.get(path, b"") is not None]
            return sorted({*kept, *(p for p, c in final.items() if c is not None and p.startswith(folder + "/"))})

        config = struct_replace(self.config, homes=found_homes(self.config, paths, read))
        python, texts = self._facts(config, final)
        graph, _ = link(config, python, texts)
        traits = file_traits(config, graph, dict(python))
        assignment = assign(self.rule_set, traits, graph, gone_files(config, traits))
        return replace(
            self, config=config, python=python, texts=texts, paths=paths,
            everything=tuple(everything), read=read, below=below, graph=graph,
            assignment=assignment, mode=lambda path: modes[path] if path in modes else self.mode(path),
        )  # fmt: skip

    def ruled(self, files: Mapping[str, str]) -> Tree:
        """The repository with other rules, whose files' texts these are by path."""
        rule_set = read_rules(files)
        traits = file_traits(self.config, self.graph, dict(self.python))
        owners = assign(rule_set, traits, self.graph, gone_files(self.config, traits))
        return replace(self, rule_set=rule_set, assignment=owners)

    def placed(self, placement: Mapping[str, str]) -> Tree:
        """The repository with files in other contexts, some of which may be new."""
        names = {*placement.values()} - {known.name for known in self.rule_set.contexts} - {"", CORE}
        contexts = (*self.rule_set.contexts, *(Context(name, "", 99, 0, "") for name in sorted(names)))
        owners = {path: struct_replace(owner, context=placement.get(path, ""))
                  for path, owner in self.assignment.owners.items()}  # fmt: skip
        return replace(self, rule_set=struct_replace(self.rule_set, contexts=contexts),
                       assignment=struct_replace(self.assignment, owners=owners))  # fmt: skip

    def _facts(
        self, config: Config, final: Mapping[str, bytes | None]
    ) -> tuple[dict[str, PythonFacts], dict[str, TextFacts]]:
        """The facts of all files after a change; only what has changed is read."""
        homes = (home.dotted for home in config.homes if "." not in home.dotted)
        packages = tuple(dict.fromkeys((config.package, config.core_package(), *homes)))
        mention = word(*packages)
        inside = (config.root() + "/", *(home.folder + "/" for home in config.homes))
        python = {path: facts for path, facts in self.python.items() if path not in final}
        texts = {path: facts for path, facts in self.texts.items() if path not in final}
        for path, content in final.items():
            if content is None:
                continue
            if path.endswith(".py"):
                if path.startswith(inside) or mention.search(content):
                    python[path] = self.readers.facts(content)
            elif path in self.texts:
                texts[path] = read_text(content, *packages)
        return python, texts
