"""Where the code has changed since the calls between services were rendered: at which line, and what renders anew."""

from __future__ import annotations

import re
from collections.abc import Iterator

from decomposer.changeset import Write
from decomposer.extracting.agreed import Agreed, agreed, users, views
from decomposer.extracting.calls import client_text, contract_path, contract_text, owner_writes
from decomposer.extracting.calls_kept import called_module, clients_of
from decomposer.extracting.tree import Tree, Way
from decomposer.facts.called import calling_at
from decomposer.model.contracts import CallContract
from decomposer.model.problems import Problem
from decomposer.scaffold.system import MARK, Template

_BLOCK = re.compile(r"^(?:class (\w+)|(\w+)(?:: [^=\n]+)? =)", re.MULTILINE)


def drift(tree: Tree, template: Template) -> Iterator[tuple[str, Problem]]:
    """An error for each symbol that is called and is not what the contract says any more, with whoever calls it."""
    apart = views(tree)
    known = agreed(tree, apart)
    drifted = {name for name, one in known.items() if _has_drifted(tree, one, template)}
    for context in users(tree, ""):
        for path, name, owner in clients_of(tree, context):
            one = known.get(name)
            if one is None or context not in one.callers:
                found = _gone(apart.get(owner, tree), context, path, owner, one)
            elif name in drifted:
                found = _changed(one, context, template)
            elif _is_stale(tree, path, one.contract, client_text(tree, template, context, one.of(context))):
                found = iter([_problem(context, path, 0, f"is not what {one.contract.module} has now")])
            else:
                continue
            yield from ((context, problem) for problem in found)


def drift_by_context(tree: Tree, template: Template) -> dict[str, list[str]]:
    """Of each context that calls others what is not as agreed, a line for each; none for what is."""
    found: dict[str, list[str]] = {name: [] for name in users(tree, "") if any(clients_of(tree, name))}
    for context, problem in drift(tree, template):
        found[context].append(f"{problem.path}:{problem.line}: {problem.message}")
    return found


def redrawn(tree: Tree, context: str, way: Way) -> tuple[list[Write], list[Problem]]:
    """What makes all call each other as the code is now, where a context, or who calls it, does not; else nothing.

    "" stands for any context. A client from which somebody has taken the mark stays as it is.
    """
    known = agreed(tree, views(tree))
    stale = {name for name, one in known.items() if _has_drifted(tree, one, way.template)}
    writes: list[Write] = []
    concerned = {one.contract.owner for name, one in known.items() if name in stale}
    for user in users(tree, ""):
        for path, name, owner in clients_of(tree, user):
            one = known.get(name)
            if one is not None and user in one.callers:
                text = client_text(tree, way.template, user, one.of(user))
                if name in stale or _is_stale(tree, path, one.contract, text):
                    writes.append(Write(path, text, f"the client of {one.contract.module}", tree.mode(path)))
                    concerned |= {user, owner}
    if not concerned or (context and context not in concerned):
        return [], []
    rendered, told = owner_writes(tree, "", [one.contract for one in known.values()], way)
    kept = [write for write in (*writes, *rendered) if not _is_kept(tree, write.path)]
    return kept, told


def _is_kept(tree: Tree, path: str) -> bool:
    """Whether a rendered file is somebody's own now."""
    content = tree.read(path)
    is_rendered = re.search(r"/(?:contracts|_internal|_clients)/(?!.*__init__\.py$)", path)
    return content is not None and is_rendered is not None and MARK.encode() not in content


def _has_drifted(tree: Tree, one: Agreed, template: Template) -> bool:
    """Whether a contract that was rendered says something else than it would now."""
    return _is_stale(tree, contract_path(tree, one.contract), one.contract, contract_text(tree, template, one.contract))


def _is_stale(tree: Tree, path: str, contract: CallContract, text: bytes) -> bool:
    """Whether a rendered file is there and says something else than it would now."""
    content = tree.read(path)
    return content is not None and MARK.encode() in content and \
        _plain(tree, contract, content) != _plain(tree, contract, text)  # fmt: skip


def _plain(tree: Tree, contract: CallContract, content: bytes) -> bytes:
    """A file's bytes whatever the package of the owner is called, and wherever it is."""
    below = contract.module.partition(".")[2].encode()
    package = tree.config.package_of(contract.owner).encode()
    names = b"|".join(re.escape(name) for name in (package, tree.config.package.encode()))
    return calling_at(re.sub(rb"\b(?:" + names + rb")\." + re.escape(below) + rb"\b", below, content), "")


def _gone(tree: Tree, context: str, path: str, owner: str, one: Agreed | None) -> Iterator[Problem]:
    """Why what a client calls cannot be called any more; `tree` is where it is looked for."""
    module = one.contract.module if one is not None else called_module(tree, context, path, owner)
    if not module:
        yield _problem(context, path, 0, f"calls {_called_by(path, tree, context)}, which {owner} has not any more",
                       f"bring it back, or let {context} do without, and remove the client")  # fmt: skip
        return
    for problem in tree.calling.problems(context):
        if f"{module}." in f"{problem.message} ":
            reason = problem.message.partition(" cannot be called over HTTP: ")[2].partition(";")[0]
            yield _problem(context, problem.path, problem.line, f"{module} cannot be called any more as {path} does: "
                           f"{reason}", problem.hint)  # fmt: skip


def _called_by(path: str, tree: Tree, context: str) -> str:
    below = path.removeprefix(f"{tree.config.service(context)}/src/").removesuffix(".py").replace("/", ".")
    return below.replace("._clients.", ".")


def _changed(one: Agreed, context: str, template: Template) -> Iterator[Problem]:
    """What of a module has changed, each at its line there."""
    tree, contract = one.tree, one.contract
    path = contract_path(tree, contract)
    before = _blocks((tree.read(path) or b"").decode())
    now = _blocks(contract_text(tree, template, contract).decode())
    names = {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}
    known = tree.calling.sources.signatures(contract.module)
    assert known is not None  # the contract is made of it
    places: dict[str, int] = {}
    for asked in contract.operations:
        if names & {f"{asked.prefix}Asked", f"{asked.prefix}Answer", asked.constant}:
            kind = known.instances.get(asked.holder, asked.holder).rpartition(".")[2]
            function = known.functions.get(f"{kind}.{asked.method}" if kind else asked.name)
            places[asked.name] = function.line if function is not None else 0
    for name, found in known.classes.items():
        if name in names or f"{name}Made" in names:
            places[name] = found.line
    owner = tree.code.path(contract.module)
    for name, line in sorted(places.items(), key=lambda place: (place[1], place[0])):
        yield _problem(context, owner, line, f"{contract.module}.{name}, which {context} calls, is not what {path} "
                       "says any more")  # fmt: skip
    if not places:
        yield _problem(context, path, 0, f"is not what {contract.module} has now")


def _blocks(text: str) -> dict[str, str]:
    """What a contract says at its top level, by name."""
    found = list(_BLOCK.finditer(text))
    ends = [*(one.start() for one in found[1:]), len(text)]
    return {one[1] or one[2]: text[one.start() : end].rstrip() for one, end in zip(found, ends, strict=True)}


def _problem(context: str, path: str, line: int, message: str, more: str = "") -> Problem:
    hint = f"decompose extract {context} renders contract, endpoint and client anew"
    return Problem(path, line, "contract-drift", message, more or hint)
