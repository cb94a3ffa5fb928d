"""Where the code has changed since the calls between services were rendered: at which line, and what renders anew."""

from __future__ import annotations

import re
from collections.abc import Iterator

from decomposer.changeset import Write
from decomposer.extracting.calls import client_text, contract_path, contract_text, contracts, owner_writes, users
from decomposer.extracting.calls_kept import calls_of, clients_of
from decomposer.extracting.tree import Tree, Way
from decomposer.facts.called import calling_at
from decomposer.model.contracts import CallContract
from decomposer.model.problems import Problem
from decomposer.scaffold.system import MARK, Template

_BLOCK = re.compile(r"^(?:class (\w+)|(\w+)(?:: [^=\n]+)? =)", re.MULTILINE)


def drift(tree: Tree, template: Template) -> Iterator[tuple[str, Problem]]:
    """An error for each symbol that is called and is not what the contract says any more, with whoever calls it.

    Of an owner that has been cut over nothing is known: the code that is called is its service's alone.
    """
    agreed = {one.name: one for one in contracts(tree, users(tree, ""))}
    drifted = {name for name, one in agreed.items() if _is_stale(tree, contract_path(tree, one), one,
                                                                 contract_text(tree, template, one))}  # fmt: skip
    for context in users(tree, ""):
        for path, name in clients_of(tree, context):
            contract = agreed.get(name)
            if contract is None or contract.module not in calls_of(tree, context):
                yield from ((context, problem) for problem in _gone(tree, context, path, contract))
            elif name in drifted:
                yield from ((context, problem) for problem in _changed(tree, context, contract, template))
            elif _is_stale(tree, path, contract, client_text(tree, template, context, contract)):
                yield context, _problem(context, path, 0, f"is not what {contract.module} has now")


def drift_by_context(tree: Tree, template: Template) -> dict[str, list[str]]:
    """Of each context that calls others what is not as agreed, a line for each; none for what is."""
    found: dict[str, list[str]] = {name: [] for name in users(tree, "") if any(clients_of(tree, name))}
    for context, problem in drift(tree, template):
        found[context].append(f"{problem.path}:{problem.line}: {problem.message}")
    return found


def redrawn(tree: Tree, context: str, way: Way) -> tuple[list[Write], list[Problem]]:
    """What makes a context that has left, and those that call it, call others as the code is now; nothing if they do.

    A client from which somebody has taken the mark stays as it is.
    """
    agreed = contracts(tree, users(tree, ""))
    stale = {one.name for one in agreed if _is_stale(tree, contract_path(tree, one), one,
                                                     contract_text(tree, way.template, one))}  # fmt: skip
    writes: list[Write] = []
    for user in users(tree, ""):
        for path, name in clients_of(tree, user):
            contract = next((one for one in agreed if one.name == name), None)
            mine = contract is not None and context in (user, contract.owner)
            if contract is not None and mine and contract.module in calls_of(tree, user):
                text = client_text(tree, way.template, user, contract)
                if name in stale or _is_stale(tree, path, contract, text):
                    writes.append(Write(path, text, f"the client of {contract.module}", tree.mode(path)))
    if not writes and not any(one.name in stale and one.owner == context for one in agreed):
        return [], []
    known, told = owner_writes(tree, "", agreed, way)
    kept = [write for write in (*writes, *known) if not _is_kept(tree, write.path)]
    return kept, told


def _is_kept(tree: Tree, path: str) -> bool:
    """Whether a rendered file is somebody's own now."""
    content = tree.read(path)
    is_rendered = re.search(r"/(?:contracts|_internal|_clients)/(?!.*__init__\.py$)", path)
    return content is not None and is_rendered is not None and MARK.encode() not in content


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


def _gone(tree: Tree, context: str, path: str, contract: CallContract | None) -> Iterator[Problem]:
    """Why what a client calls cannot be called any more, where the client is to be rendered."""
    module = contract.module if contract is not None else _called_by(path, tree, context)
    told = [problem for problem in tree.calling.problems(context) if f"{module}." in f"{problem.message} "]
    for problem in told:
        reason = problem.message.partition(" cannot be called over HTTP: ")[2].partition(";")[0]
        yield _problem(context, problem.path, problem.line, f"{module} cannot be called any more as {path} does: "
                       f"{reason}", problem.hint)  # fmt: skip


def _called_by(path: str, tree: Tree, context: str) -> str:
    below = path.removeprefix(f"{tree.config.service(context)}/src/").removesuffix(".py").replace("/", ".")
    return below.replace("._clients.", ".")


def _changed(tree: Tree, context: str, contract: CallContract, template: Template) -> Iterator[Problem]:
    """What of a module has changed, each at its line there."""
    path = contract_path(tree, contract)
    before = _blocks((tree.read(path) or b"").decode())
    now = _blocks(contract_text(tree, template, contract).decode())
    names = {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}
    known = tree.calling.sources.signatures(contract.module)
    assert known is not None  # the contract is made of it
    places: dict[str, int] = {}
    for one in contract.operations:
        if names & {f"{one.prefix}Asked", f"{one.prefix}Answer", one.constant}:
            kind = known.instances.get(one.holder, one.holder).rpartition(".")[2]
            function = known.functions.get(f"{kind}.{one.method}" if kind else one.name)
            places[one.name] = function.line if function is not None else 0
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
