"""What is agreed between contexts that call each other, as the code is now: the contracts that would be rendered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from decomposer.extracting.alone import alone
from decomposer.extracting.calls_kept import calls_of, clients_of
from decomposer.extracting.tree import Tree
from decomposer.model.contracts import CallContract
from decomposer.model.crossing import Call
from decomposer.planning.contracts import build_contract, narrowed
from decomposer.planning.states import State, extracted, states


@dataclass(frozen=True)
class Agreed:
    """A contract, what each context uses that calls by it, and the code base in which what they call is found."""

    contract: CallContract
    callers: Mapping[str, frozenset[str]]
    tree: Tree

    def of(self, context: str) -> CallContract:
        """What a context has of it in its client."""
        return narrowed(self.tree.calling, self.contract, self.callers[context])


def contracts(tree: Tree, contexts: Iterable[str]) -> list[CallContract]:
    """A contract for each module of the monolith's that some contexts call over HTTP."""
    return [one.contract for one in _agreed(tree, contexts)]


def users(tree: Tree, leaving: str) -> list[str]:
    """The contexts that call others as services: those that have left, and the one that leaves."""
    there = set(tree.everything)
    return [one.name for one in tree.rule_set.contexts
            if one.name == leaving or extracted(tree.config, one.name, there)]  # fmt: skip


def agreed(tree: Tree, apart: Mapping[str, Tree]) -> dict[str, Agreed]:
    """Everything that is agreed, by the contract's name; of owners that are `apart` (see `views`) what they have."""
    found = _agreed(tree, users(tree, ""))
    for owner, view in apart.items():
        found += [one for one in _agreed(view, users(tree, ""), is_kept=True) if one.contract.owner == owner]
    return {one.contract.name: one for one in found}


def views(tree: Tree) -> dict[str, Tree]:
    """Of each owner that is called and was cut over the code base in which its modules are found: its service's."""
    owners = {owner for context in users(tree, "") for _, _, owner in clients_of(tree, context)}
    standing = states(tree.config, tree.rule_set, frozenset(tree.paths), lambda: tree.code) if owners else {}
    return {owner: alone(tree, owner) for owner in sorted(owners) if standing.get(owner) is State.CUT_OVER}


def _agreed(tree: Tree, contexts: Iterable[str], is_kept: bool = False) -> list[Agreed]:
    calls: dict[str, list[Call]] = {}
    for context in contexts:
        for module, call in calls_of(tree, context).items():
            calls.setdefault(module, []).append(call)
    return [Agreed(build_contract(tree.calling, module, calls[module], is_kept),
                   {call.context: call.names() for call in calls[module]}, tree)
            for module in sorted(calls)]  # fmt: skip
