"""Functions, route handlers and what their bodies use of other modules."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .blueprint import Blueprint, Class, Function, Module
from .bodies import WIDE, body, indented, snake, words

Block = tuple[str, ...]

# Functions that FastAPI calls for a handler; they take no parameters, which would become part of the API.
DEPENDENCY = re.compile(
    r"(get_(async_)?session|get_db|require_\w+|get_api_key|get_miner_id|get_current_user)$"
)
SESSION = re.compile(r"get_(async_)?session$|get_db$")
WRITING = ("post", "put", "patch")
ANSWERS = re.compile(r"(Response|View|Result|Status|Read|Out|Summary|List|Receipt)$")

STANDARD: tuple[tuple[dict[str, str], str], ...] = (
    ({"json": "json"}, 'record["encoded"] = json.dumps(record, default=str, sort_keys=True)'),
    ({"hashlib": "hashlib"}, 'record["digest"] = hashlib.sha256(repr(record).encode()).hexdigest()'),
    (
        {"datetime": "datetime.datetime", "timezone": "datetime.timezone"},
        'record["at"] = datetime.now(timezone.utc).isoformat()',
    ),
    ({"uuid4": "uuid.uuid4"}, 'record["ticket"] = uuid4().hex'),
)
LOG = 'logger.info("%s holds %d entries", record["name"], len(record))'


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a module's functions can use, as blocks for `bodies.body`, and the models of its handlers."""

    anywhere: tuple[Block, ...]
    in_handlers: tuple[Block, ...]  # calls: nobody calls a handler, so these cannot go round in circles
    in_async_handlers: tuple[Block, ...]  # those, and what must be awaited
    requests: tuple[str, ...]
    answers: tuple[str, ...]


def surroundings(blueprint: Blueprint, module: Module, *, logger: bool) -> Surroundings:
    """Look at every name that the module binds, in order."""
    anywhere: list[Block] = []
    calls: list[tuple[Block, bool]] = []
    models: list[str] = []
    for item in module.outer:
        names = [name for _, name in item.names if name not in module.defined and item.place != "if"]
        for name in names:
            home, found = blueprint.find(module, name) or (module, None)
            if isinstance(found, Class):
                kind = blueprint.kind(home, found)
                anywhere.append(class_use(name, kind))
                ordinary = [method for method in found.methods if not method.name.startswith("__")]
                if kind == "plain" and ordinary:
                    calls.append(call(name, f"{name}().{ordinary[0].name}()", ordinary[0]))
                if kind == "model" and not found.is_table and item.place == "top":
                    models.append(name)
            elif isinstance(found, Function):
                anywhere.append((f'record["{name}"] = {name}.__name__',))
                if not DEPENDENCY.match(name):
                    calls.append(call(name, f"{name}()", found))
            elif is_variable(blueprint, module.bound[name]):
                anywhere.append((f'record["{name}"] = type({name}).__name__',))
    anywhere += [(line,) for needs, line in STANDARD if module.has(**needs)]
    anywhere += [(LOG,)] if logger else []
    if module.has(HTTPException="fastapi.HTTPException"):
        anywhere.append(("if not record:", '    raise HTTPException(status_code=404, detail="unknown")'))
    own = [item for item in module.classes if blueprint.kind(module, item) == "model"]
    models += [item.name for item in own if not item.is_table]
    return Surroundings(
        tuple(anywhere),
        tuple(block for block, is_async in calls if not is_async),
        tuple(block for block, _ in calls),
        tuple(name for name in models if not ANSWERS.search(name)),
        tuple(name for name in models if ANSWERS.search(name)),
    )


def class_use(name: str, kind: str) -> Block:
    """Statements that use an imported class."""
    key = snake(name)
    if kind == "enum":
        return (f'record["{key}"] = [item.value for item in {name}]',)
    if kind == "error":
        return ("if not record:", f'    raise {name}("there is nothing to work on")')
    return (f"current_{key} = {name}()", f'record["{key}"] = type(current_{key}).__name__')


def call(name: str, expression: str, target: Function) -> tuple[Block, bool]:
    """A statement that calls something of another module, and whether it needs an async function."""
    wait = "await " if target.is_async else ""
    return (f'record["{snake(name)}_result"] = {wait}{expression}',), target.is_async


def is_variable(blueprint: Blueprint, origin: str) -> bool:
    """Whether a dotted name is a variable that a module of the application assigns."""
    home, _, name = origin.rpartition(".")
    return home in blueprint.modules and name in blueprint.variables(blueprint.modules[home])


def call_text(options: dict[str, object]) -> str:
    """Keyword arguments as in a call."""
    return ", ".join(f"{key}={json.dumps(value)}" for key, value in options.items())


def parameters(module: Module, path: str) -> list[str]:
    """A handler's parameters: those of its path, then what it depends on."""
    out = [f"{name}: str" for name in dict.fromkeys(re.findall(r"{(\w+)", path))]
    taken = {item.split(":")[0] for item in out}
    if not module.has(Depends="fastapi.Depends"):
        return out
    session = "Session" if "Session" in module.bound.keys() - module.defined else "object"
    for name in module.bound:
        if not DEPENDENCY.match(name) or name in module.defined:
            continue
        parameter, annotation = ("session", session) if SESSION.match(name) else ("caller", "object")
        if parameter in taken:
            continue
        taken.add(parameter)
        if module.has(Annotated="typing.Annotated"):
            out.append(f"{parameter}: Annotated[{annotation}, Depends({name})]")
        else:
            out.append(f"{parameter}: {annotation} = Depends({name})")
    return out


def signature(head: str, given: Sequence[str], annotation: str, lines: int) -> list[str]:
    """The `def`, one parameter per line where it is wide and the function has lines enough."""
    flat = f"{head}({', '.join(given)}) -> {annotation}:"
    if len(flat) <= WIDE or lines < 3 * (len(given) + 2):
        return [flat]
    return [f"{head}(", *(f"    {item}," for item in given), f") -> {annotation}:"]


def handler_lines(module: Module, item: Function, lazy: Sequence[str], around: Surroundings) -> list[str]:
    """A route handler: its place among the module's handlers picks the models that it takes and gives."""
    number, method, path = next(
        (place, *route[1:3]) for place, route in enumerate(module.routes) if route[3] == item.name
    )
    writing = [route[3] for route in module.routes if route[1] in WRITING]
    given = parameters(module, path)
    if method in WRITING and writing.index(item.name) < len(around.requests):
        after_path = sum(text.endswith(": str") for text in given)
        given.insert(after_path, f"payload: {around.requests[writing.index(item.name)]}")
    annotation, last, short = "dict[str, object]", "return record", 'return {"state": "ready"}'
    answers = around.answers + around.requests[len(writing) :]
    if number < len(answers):
        annotation = answers[number]
        last = short = f"return {annotation}()"
    uses = (around.in_async_handlers if item.is_async else around.in_handlers) + around.anywhere
    head = signature(
        f"{'async ' if item.is_async else ''}def {item.name}", given, annotation, item.loc - len(lazy)
    )
    return [
        *head,
        *indented(body(item.name, item.loc - len(head), first=lazy, uses=uses, last=last, short=short)),
    ]


def decorators(module: Module, item: Function) -> list[str]:
    """The lines above a function: its routes, or what makes a lifespan of it."""
    if item.name == "lifespan" and module.has(asynccontextmanager="contextlib.asynccontextmanager"):
        return ["@asynccontextmanager"]
    return [
        f'@{router}.{method}("{path}")'
        for router, method, path, handler in module.routes
        if handler == item.name
    ]


def lazy_getattr(module: Module, item: Function) -> list[str]:
    """A package's `__getattr__` over the table `_EXPORTS`."""
    lines = [
        f"def {item.name}(name: str) -> object:",
        '    """Load the module behind an exported name when somebody first asks for it."""',
        "    if name not in _EXPORTS:",
        '        raise AttributeError(f"{__name__} does not export {name!r}")',
        "    found = getattr(import_module(_EXPORTS[name], __name__), name)",
        "    globals()[name] = found",
        "    return found",
    ]
    return [
        *lines[:2],
        *["    # Looked up once: the next access finds it in the module."] * (item.loc - len(lines)),
        *lines[2:],
    ]


def function_lines(module: Module, item: Function, lazy: Sequence[str], around: Surroundings) -> list[str]:
    """A function of the module's top level, `item.loc` lines without its decorators."""
    if any(route[3] == item.name for route in module.routes):
        return handler_lines(module, item, lazy, around)
    if item.name == "__getattr__":
        return lazy_getattr(module, item)
    head = f"{'async ' if item.is_async else ''}def {item.name}"
    if item.name == "lifespan":
        given = body("start up", item.loc - 2, first=lazy, uses=around.anywhere, last="yield")
        return [f"{head}(app: object):", *indented([*given, f"record.clear()  # {words(module.name)} stops"])]
    dependency = DEPENDENCY.match(item.name)
    signature, short = (
        ("()", 'return {"state": "ready"}')
        if dependency
        else ("(limit: int = 25)", 'return {"limit": limit}')
    )
    return [
        f"{head}{signature} -> dict[str, object]:",
        *indented(body(item.name, item.loc - 1, first=lazy, uses=around.anywhere, short=short)),
    ]
