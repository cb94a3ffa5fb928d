"""What is written where contexts call each other: contracts in the core, endpoints at owners, clients at users."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence

from decomposer.changeset import Write
from decomposer.extracting.core import empty_packages, way_to
from decomposer.extracting.scaffolding import scaffolding
from decomposer.extracting.tree import Tree, Way
from decomposer.model.config import CLIENTS, CORE, INTERNAL
from decomposer.model.contracts import CallContract
from decomposer.model.problems import Problem
from decomposer.planning.contents import Contents
from decomposer.planning.contracts import narrowed
from decomposer.planning.states import State, extracted, states
from decomposer.rewrite import called
from decomposer.rewrite.package_path import extend_package
from decomposer.scaffold.calls import TOKEN, answers, url, variable
from decomposer.scaffold.monolith import find_monolith
from decomposer.scaffold.system import MARK, Template
from decomposer.syntax.header import first_statement_offset


def owner_writes(
    tree: Tree, leaving: str, agreed: Sequence[CallContract], way: Way
) -> tuple[list[Write], list[Problem]]:  # fmt: skip
    """What the core and the owners have when a context that calls them leaves; `agreed` are all contracts."""
    core, root = tree.config.core_package(), tree.config.service_root(CORE)
    owners = sorted({contract.owner for contract in agreed})
    away = {name for name, state in _standing(tree).items() if state is State.CUT_OVER}
    there = [contract for contract in agreed if contract.owner not in away]
    problems = [*_prefix_taken(tree), *_sessions_elsewhere(tree, there), *_never_called(tree, leaving, agreed)]
    if tree.read(f"{root}/internal_calls.py") is None:
        named = ", ".join(variable(owner) for owner in owners)
        problems.append(Problem(
            f"{root}/internal_calls.py", 0, "variables-to-set", f"calls between services need {TOKEN}, the same in the "
            f"environment of the monolith and of each service; {named} where an owner is not to be called at "
            f"{address(tree, owners[0])}", "no value is written anywhere", "warning",
        ))  # fmt: skip
    values = {"mark": MARK, "core": core, "called": called}
    writes = [
        Write(f"{root}/{name}.py", _text(way.template(f"{name}.py.j2", token=TOKEN, prefix=tree.config.deploy.internal,
                                                      **values)), "what calls need")
        for name in ("internal_calls", "internal_serving")
    ]  # fmt: skip
    writes += [Write(contract_path(tree, contract), contract_text(tree, way.template, contract),
                     f"the contract of {contract.module}") for contract in agreed]  # fmt: skip
    writes += empty_packages(tree, root, "the shared core", writes)
    if tree.read(f"{tree.config.shim()}/__init__.py") is None:
        writes += way_to(tree, CORE)
    for owner in owners:
        theirs = [contract for contract in agreed if contract.owner == owner]
        text = way.template("endpoints.py.j2", owner=owner, contracts=theirs, **values)
        home = _home(tree, owner)
        name = _word(owner)
        writes.append(Write(f"{home}/{INTERNAL}/{name}.py", _text(text), f"the endpoints of {owner}"))
    homes = [_home(tree, owner) for owner in owners if owner not in away]
    writes += _packages(tree, homes) if homes else ()
    writes += _entries(tree, {*owners} - away, leaving, problems)
    writes = [write for write in writes if tree.read(write.path) != write.content]
    left = [owner for owner in owners if owner != leaving and extracted(tree.config, owner, set(tree.everything))]
    rendered, told = scaffolding(tree, [CORE, *left], writes, way)
    taken = {write.path for write in rendered}
    return [*(write for write in writes if write.path not in taken), *rendered], [*problems, *told]


def client_writes(
    tree: Tree, found: Contents, agreed: Sequence[CallContract], way: Way, place: Callable[[str], str]
) -> Iterator[Write]:  # fmt: skip
    """The clients of a service, each at the `place` that a module has in it."""
    if not found.clients:
        return
    config = tree.config
    root, core = config.service_root(found.context), config.core_package()
    yield Write(f"{root}/{CLIENTS}/__init__.py", b'"""What this service calls of others over HTTP."""\n', "the clients")
    yield Write(f"{root}/{CLIENTS}/calling.py", _text(way.template("calling.py.j2", mark=MARK, core=core)),
                "how others are called")  # fmt: skip
    calls = tree.calling.clients(found.context)
    for contract in agreed:
        if contract.module in found.clients:
            mine = narrowed(tree.calling, contract, calls[contract.module].names())
            text = client_text(tree, way.template, found.context, mine)
            yield Write(place(contract.module), text, f"the client of {contract.module}")


def contract_path(tree: Tree, contract: CallContract) -> str:
    """Where a contract lies in the core."""
    return f"{tree.config.service_root(CORE)}/contracts/{contract.name}.py"


def contract_text(tree: Tree, template: Template, contract: CallContract) -> bytes:
    """A contract as it is written down."""
    core = tree.config.core_package()
    return _text(template("call_contract.py.j2", contract=contract, mark=MARK, core=core, called=called))


def client_text(tree: Tree, template: Template, context: str, contract: CallContract) -> bytes:
    """The client by which a context calls what a contract has, which is narrowed to what it uses."""
    return _text(template(
        "client.py.j2", mark=MARK, core=tree.config.core_package(), contract=contract, called=called,
        package=tree.config.package_of(context), variable=variable(contract.owner),
        address=address(tree, contract.owner),
    ))  # fmt: skip


def address(tree: Tree, owner: str) -> str:
    """Where an owner is called: at the monolith, until that does not serve it any more, or stand in for it."""
    config = tree.config
    standing = _standing(tree)
    context = tree.rule_set.context(owner)
    if context is not None and answers(context.port, standing.get(owner) is State.CUT_OVER, config.finish):
        return url(context.port)
    monolith, _ = find_monolith(config, tree.everything, lambda path: _read_text(tree, path), False)
    return url(monolith.port)


def split_transactions(tree: Tree, found: Contents) -> Iterator[Problem]:
    """A warning for each call that the owner makes in a transaction of its own, where it was the caller's."""
    for module, call in sorted(tree.calling.clients(found.context).items()):
        rule = tree.policies.of(found.context, module)
        if rule is not None and rule.session:
            yield Problem(tree.code.path(call.by), call.line, "own-transaction", f"{module} works in a transaction of "
                          f"its own at {call.owner}: what it changes stays when {found.context} rolls back, and it "
                          "does not see what is not committed", "read the callers, or share the module; "
                          f"{rule.place()}", "warning")  # fmt: skip


def client_place(tree: Tree, found: Contents) -> Callable[[str], str]:
    """Where the client of a module lies in a service that has the monolith's package name."""
    root = f"{tree.config.service_root(found.context)}/{CLIENTS}"
    return lambda module: f"{root}/{module.partition('.')[2].replace('.', '/')}.py"


def _prefix_taken(tree: Tree) -> Iterator[Problem]:
    """An error for a route of the monolith's where services call each other."""
    prefix = tree.config.deploy.internal
    for route in tree.code.served:
        if f"{route.path}/".startswith(f"{prefix}/"):
            yield Problem(route.source, route.line, "prefix-taken", f"{route.method} {route.path}: below {prefix} "
                          "services call each other", "say another path: [deploy] internal = …")  # fmt: skip
            return


def _sessions_elsewhere(tree: Tree, agreed: Iterable[CallContract]) -> Iterator[Problem]:
    """An error for each rule by which an owner would open sessions with what it has not."""
    for contract in agreed:
        module = contract.session.partition(":")[0]
        owner = tree.code.owner(module) if module in tree.code.modules.path_of else ""
        if not module or tree.code.in_core(module) or owner == contract.owner:
            continue
        rule = next(rule for rule in tree.rule_set.dependencies if rule.session and tree.policies.of(
            rule.context, contract.module) in (rule, None))  # fmt: skip
        yield Problem(rule.path, rule.line, "session-elsewhere", f"`{rule.session}` is nothing that {contract.owner} "
                      f"or the core has: {contract.owner} cannot open a session with it", "share its module, or name "
                      "what opens one there")  # fmt: skip


def _never_called(tree: Tree, leaving: str, agreed: Sequence[CallContract]) -> Iterator[Problem]:
    """A warning for each name that a rule calls idempotent, and that is nothing that is called."""
    for rule in tree.rule_set.dependencies:
        theirs = [one for one in agreed if rule.context == leaving and tree.policies.of(leaving, one.module) is rule]
        called_there = {operation.name for contract in theirs for operation in contract.operations}
        for name in rule.idempotent if theirs else ():
            if name not in called_there:
                yield Problem(rule.path, rule.line, "not-called", f"`{name}` is said to be idempotent, and is nothing "
                              f"that {leaving} calls there", f"it calls {', '.join(sorted(called_there))}",
                              "warning")  # fmt: skip


def _standing(tree: Tree) -> dict[str, State]:
    return states(tree.config, tree.rule_set, frozenset(tree.paths), lambda: tree.code)


def _home(tree: Tree, owner: str) -> str:
    """The folder of the package in which an owner's code lies now: the monolith's, or its service's."""
    module = f"{tree.config.package}.{INTERNAL}.{_word(owner)}"
    known = tree.code.modules.path_of.get(module)
    if known is not None and not tree.code.is_alias(module):
        return known.rpartition(f"/{INTERNAL}/")[0]
    there = set(tree.everything)
    return tree.config.service_root(owner) if extracted(tree.config, owner, there) else tree.config.root()


def _packages(tree: Tree, homes: Iterable[str]) -> Iterator[Write]:
    """The packages of endpoints in owners' homes, and in the monolith, which finds there what lies in services."""
    root, text = tree.config.root(), b'"""What other services call here."""\n'
    path = f"{root}/{INTERNAL}/__init__.py"
    source = tree.read(path) or text
    for home in dict.fromkeys(homes):
        if home != root:
            below = posixpath.relpath(f"{home}/{INTERNAL}", f"{root}/{INTERNAL}")
            source = extend_package(source, below, first_statement_offset(source))
            there = f"{home}/{INTERNAL}/__init__.py"
            yield Write(there, tree.read(there) or text, "the package of endpoints")
    yield Write(path, source, "the package of endpoints")


def _entries(tree: Tree, owners: set[str], leaving: str, problems: list[Problem]) -> Iterator[Write]:
    """The entries that have to answer calls, or to pass on what belongs to a request."""
    config, code = tree.config, tree.code
    application = (config.entries or ("",))[0].partition(":")[2] or "app"
    below = code.entry.partition(".")[2].replace(".", "/")
    there = set(tree.everything)
    paths = [code.path(code.entry)] if code.entry in code.modules.path_of else []
    paths += [f"{config.service_root(owner)}/{below}.py" for owner in sorted(owners - {leaving})
              if extracted(config, owner, there)]  # fmt: skip
    for path in paths:
        source = tree.read(path)
        if source is None:
            continue
        if any(d.name == application and d.kind == "function" for d in tree.readers.facts(source).definitions):
            problems.append(Problem(path, 0, "calls-unanswered", f"`{application}` makes the application: it does not "
                                    "answer what other services call", f"call `serve` of {config.core_package()}."
                                    "internal_serving there", "warning"))  # fmt: skip
            continue
        yield Write(path, called.with_calls(source, application, config.core_package()), "the calls it answers",
                    tree.mode(path))  # fmt: skip


def _word(context: str) -> str:
    return context.replace("-", "_")


def _text(text: str) -> bytes:
    return text.encode()


def _read_text(tree: Tree, path: str) -> str | None:
    content = tree.read(path)
    return None if content is None else content.decode("utf-8", "surrogateescape")
