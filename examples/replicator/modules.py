"""A whole module, with exactly the lines, imports, definitions and routes of its entry in the blueprint."""

from __future__ import annotations

from collections.abc import Iterator

from .blueprint import Blueprint, Module
from .bodies import WORDS, indented, seed, spread, words
from .classes import class_lines
from .factory import factory_lines, inner_handlers
from .functions import call_text, decorators, function_lines, surroundings
from .imports import binds, import_lines

LARGEST_TABLE = 24  # lines of one of the data tables that stand in for what a blueprint does not list


def table(name: str, lines: int) -> list[str]:
    """A dictionary in that many lines."""
    if lines < 2:
        return [f"{name}: dict[str, object] = {{}}"]
    start = seed(name)
    rows = [f'    "{WORDS[(start + row) % len(WORDS)]}_{row}": {1 + row % 9},' for row in range(lines - 2)]
    return [f"{name}: dict[str, object] = {{", *rows, "}"]


def tables(lines: int) -> list[str]:
    """Tables of the module's own, in exactly that many lines, each with an empty line before it."""
    if lines < 4:
        return ["", "# Counted up whenever the layout changes.", "_LAYOUT = 1"][3 - lines :]
    out: list[str] = []
    while left := lines - len(out):
        size = left if left <= LARGEST_TABLE + 4 else LARGEST_TABLE
        out += ["", *table(f"_TABLE_{len(out) // LARGEST_TABLE + 1}", size - 1)]
    return out


def late_variables(blueprint: Blueprint, module: Module) -> list[str]:
    """Assignments of what other modules import and what is an instance, a call or an empty dictionary."""
    out = []
    functions = {item.name for item in module.functions}
    for name in blueprint.variables(module):
        if name.isupper():
            continue
        plain = name.replace("_", "")
        ends = [item.name for item in module.classes if item.name.lower().endswith(plain)]
        ends.sort(key=lambda found: len(found))
        if f"create_{name}" in functions:
            out.append(f"{name} = create_{name}()")
        elif ends:
            out.append(f"{name} = {ends[0]}()")
        elif name.endswith("_total") and "Counter" in module.bound:
            out.append(f'{name} = Counter("{name}", "The {words(name)}.")')
        else:
            out.append(f"{name}: dict[str, object] = {{}}")
    return out


def assignments(blueprint: Blueprint, module: Module) -> list[str]:
    """What stands between the imports and the definitions: the lazy table, the application, the routers."""
    out = []
    exports = blueprint.lazy_exports(module)
    if exports:
        rows = [f'    "{name}": "{target.removeprefix(module.name)}",' for name, target in exports.items()]
        out += ["_EXPORTS = {", *rows, "}"]
    uses_app = any(router == "app" for router, *_ in module.routes) or module.includes
    if uses_app and not inner_handlers(module):
        out.append(f'app = FastAPI(title="{words(module.name.rpartition(".")[2]).capitalize()}")')
        for router, options in module.includes:
            out.append(f"app.include_router({', '.join(filter(None, [router, call_text(options)]))})")
    out += [f"{name} = APIRouter({call_text(options)})" for name, options in module.routers.items()]
    return out


def start_block(module: Module) -> list[str]:
    """The `if __name__ == "__main__"` block with the imports that stand under it."""
    guarded = [item for item in module.outer if item.place == "if"]
    if not guarded:
        return []
    run = [f'{name}.run("{module.name}:app", port=8000)' for name in binds(guarded)]
    return ['if __name__ == "__main__":', *indented([*(item.text for item in guarded), *run])]


def lazy_imports(module: Module) -> dict[str, list[str]]:
    """Where each import inside a function goes: `Class.number` of a method, or the function's name."""
    inner = inner_handlers(module)
    slots = [
        (f"{cls.name}.{place}", item.loc - 2)
        for cls in module.classes
        for place, item in enumerate(cls.methods)
    ]
    outer = [
        item
        for item in module.functions
        if item.name != "__getattr__" and not (inner and item.name == "create_app")
    ]
    slots += [
        (item.name, item.loc - 3 if item.name == "lifespan" else item.loc - 2) for item in [*outer, *inner]
    ]
    return spread([item.text for item in module.imports if item.place == "function"], slots)


def definitions(
    blueprint: Blueprint, module: Module, *, logger: bool
) -> Iterator[tuple[list[str], list[str]]]:
    """(decorators, lines) of each class and function."""
    lazy = lazy_imports(module)
    around = surroundings(blueprint, module, logger=logger)
    dataclasses = module.has(dataclass="dataclasses.dataclass")
    for cls in module.classes:
        simple = not cls.bases and all(item.name != "__init__" for item in cls.methods)
        above = ["@dataclass"] if dataclasses and simple else []
        yield above, class_lines(blueprint, module, cls, lazy, around.anywhere)
    for item in module.functions:
        if item.name == "create_app" and inner_handlers(module):
            yield [], factory_lines(module, item, lazy, around)
            continue
        yield decorators(module, item), function_lines(module, item, lazy.get(item.name, ()), around)


class Budget:
    """The lines that are not yet spoken for."""

    def __init__(self, path: str, left: int) -> None:
        if left < 0:
            raise ValueError(f"{path}: {-left} lines too many")
        self.left = left

    def take(self, lines: int) -> bool:
        """Spend that many if there are so many."""
        if lines > self.left:
            return False
        self.left -= lines
        return True


def module_text(blueprint: Blueprint, module: Module) -> str:
    """The module's source: what is needed, as much comfort as the line count allows, then data tables."""
    imports, tall = (import_lines(module.imports, tall=flag) for flag in (False, True))
    assigned = assignments(blueprint, module)
    logs = module.has(get_logger="aitbc.get_logger") and module.loc > 40
    if logs:
        assigned.append("logger = get_logger(__name__)")
    blocks = list(definitions(blueprint, module, logger=logs))
    ending = [block for block in (late_variables(blueprint, module), start_block(module)) if block]
    constants = [name for name in blueprint.variables(module) if name.isupper()]
    needed = len(imports) + len(assigned) + len(constants) + sum(map(len, ending))
    budget = Budget(
        module.path, module.loc - needed - sum(len(above) + len(lines) for above, lines in blocks)
    )

    doc = (
        [f'"""{words(module.name.rpartition(".")[2]).capitalize()} of the coordinator."""']
        if budget.take(1)
        else []
    )
    gap = next((size for size in (2, 1, 0) if budget.take(size * (len(blocks) + len(ending)))), 0)
    if doc and imports and budget.take(1):
        doc.append("")
    if budget.take(len(tall) - len(imports)):
        imports = tall
    if imports and assigned and budget.take(1):
        imports.append("")
    public = binds([item for item in module.imports if item.place == "top" and item.source.startswith(".")])
    if module.is_package and public and "*" not in public and budget.take(len(public) + 3):
        assigned += ["", "__all__ = [", *(f'    "{name}",' for name in public), "]"]

    if constants:
        share, rest = divmod(budget.left, len(constants))
        data = [
            line for place, name in enumerate(constants) for line in table(name, 1 + share + (place < rest))
        ]
    else:
        data = tables(budget.left)
    lines = [*doc, *imports, *assigned, *data]
    for above, block in [*blocks, *(([], block) for block in ending)]:
        lines += [*[""] * gap, *above, *block]
    if len(lines) != module.loc:
        raise ValueError(f"{module.path}: {len(lines)} lines instead of {module.loc}")
    return "".join(f"{line}\n" for line in lines)
