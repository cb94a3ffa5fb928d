"""What reading the repository tells of it before anything is run: who owns each route, and who has left."""

from __future__ import annotations

import os
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from decomposer.assigning.owners import Assignment
from decomposer.checks.answering import owner_key
from decomposer.model.certificate import Certificate
from decomposer.model.config import CORE, Config, RuleSet
from decomposer.model.edges import Graph
from decomposer.model.probes import Baseline, Told, Unresolved
from decomposer.model.problems import DecomposerError, Problem
from decomposer.report.certificate import certificate_blocks
from decomposer.report.markdown import render_markdown
from decomposer.shell import certificates, disk
from decomposer.shell.disk import Listing
from decomposer.verifying import MONOLITH, Wish, certify, record_baseline
from decomposer.verifying.places import Places, find_packages


class Situation(Struct, frozen=True):
    """The repository as read, and folders that the monolith needs on its path besides its own (as given)."""

    listing: Listing
    config: Config
    rule_set: RuleSet
    graph: Graph
    assignment: Assignment
    path: tuple[str, ...] = ()

    def places(self) -> Places:
        """Where everything lies; raises DecomposerError where no application is known or a folder is missing."""
        root, config = os.path.realpath(self.listing.root), self.config
        if not config.entries:
            raise DecomposerError(Problem(config.root(), 0, "no-entry", "no application is known to boot",
                                          'name it in decompose.toml: entry = ["module:attribute"]'))  # fmt: skip
        path = tuple(os.path.normpath(os.path.join(root, folder)) for folder in self.path)
        for given, folder in zip(self.path, path, strict=True):
            if not os.path.isdir(folder):
                raise DecomposerError(Problem(given, 0, "no-folder", "there is no such folder", "see --path"))
        local, built = find_packages(root, config, self.listing.python(), path, disk.reader(self.listing.root))
        return Places(root, config, self._left(root), local, path, built)

    def owners(self) -> dict[tuple[str, str, str], str]:
        """The context of each route of the monolith's application, by method, path and handler."""
        entry = self.config.entries[0] if self.config.entries else ""
        return {
            (route.method, route.path, owner_key(route.module, route.handler)): self._context(route.source)
            for route in self.graph.routes if route.entry == entry
        }  # fmt: skip

    def unresolved(self) -> tuple[Unresolved, ...]:
        """References that lead nowhere."""
        return tuple(Unresolved(edge.path, edge.line, edge.kind, edge.names, edge.reason)
                     for edge in self.graph.edges if not edge.target)  # fmt: skip

    def _left(self, root: str) -> tuple[str, ...]:
        """The contexts that have a service."""
        names = [context.name for context in self.rule_set.contexts]
        return tuple(n for n in names if os.path.isfile(os.path.join(root, self.config.service_root(n), "main.py")))

    def _context(self, path: str) -> str:
        """Whose a file is: of a service's the service's context, wherever rules would have it."""
        for context in (CORE, *(known.name for known in self.rule_set.contexts)):
            if path.startswith(f"{self.config.service(context)}/"):
                return context
        return self.assignment.context(path)


def record(situation: Situation, wish: Wish, force: bool = False) -> Baseline:
    """The baseline of the monolith, which is kept.

    Raises DecomposerError where there is one and contexts have left since, unless forced: what they broke would then
    count as right.
    """
    places = situation.places()
    for folder in wish.tests:
        if not os.path.isdir(places.full(folder)):
            raise DecomposerError(Problem(folder, 0, "no-folder", "there is no such folder", "see --tests"))
    left = places.left()
    if left and not force and (situation.listing.root / certificates.BASELINE).exists():
        raise DecomposerError(Problem(
            certificates.BASELINE, 0, "baseline-kept", f"there is a baseline, and {', '.join(left)} left since: what "
            "broke on the way would count as right in a new one",
            "compare with it: decompose verify; where the monolith was changed on purpose: --baseline --force",
        ))  # fmt: skip
    return record_baseline(places, wish, situation.owners(), situation.unresolved())


def verify(situation: Situation, wish: Wish, contexts: Sequence[str]) -> list[Certificate]:
    """Certificates of the contexts named, else of all that have left and the core; they are kept.

    Raises DecomposerError when there is no baseline, or a context has not left.
    """
    before = certificates.read_baseline(situation.listing.root)
    situation, wish = alike(situation, wish, before.told)
    places = situation.places()
    known = places.left()
    for context in contexts:
        if context not in known:
            raise DecomposerError(Problem(
                context, 0, "not-extracted", "has no service yet",
                f"extracted: {', '.join(known) or 'none'}; see decompose extract",
            ))  # fmt: skip
    subjects = list(dict.fromkeys(contexts)) or [*known] or [MONOLITH]
    found = certify(places, wish, before, situation.owners(), situation.unresolved(), subjects)
    for certificate in found:
        certificates.write(situation.listing.root, certificate, render_markdown(certificate_blocks(certificate)))
    return found


def alike(situation: Situation, wish: Wish, told: Told) -> tuple[Situation, Wish]:
    """The same with what is not said taken from how the baseline was recorded: interpreter, path and folder.

    Raises DecomposerError where it was recorded with variables that are not given: their values are kept nowhere.
    """
    missing = [name for name in told.variables if name not in wish.environment]
    if missing:
        raise DecomposerError(Problem(
            certificates.BASELINE, 0, "no-variable", f"was recorded with {', '.join(missing)}, which the code may need",
            " ".join(f"--env {name}=…" for name in missing),
        ))  # fmt: skip
    python = wish.python or (told.python if os.path.isfile(told.python) else "")
    return replace(situation, path=situation.path or told.path), replace(wish, python=python, cwd=wish.cwd or told.cwd)
