"""The boundaries between contexts as import-linter takes them, for a team to keep."""

from __future__ import annotations

from collections.abc import Iterator

from decomposer.gating.scene import Scene
from decomposer.model.config import CORE
from decomposer.model.edges import IMPORT_KINDS

_HEAD = """\
# The boundaries between contexts, for import-linter: lint-imports --config .importlinter
# What crosses them today is ignored, one import a line: lines may go, none should come.
[importlinter]
root_packages =
"""
_UNSEEN = """\
# What has left ({contexts}) is found through __path__, which import-linter does not follow:
# decompose check boundaries does.
"""
_CONTRACT = """
[importlinter:contract:{context}]
name = {context} imports no other context
type = forbidden
as_packages = False
allow_indirect_imports = True
unmatched_ignore_imports_alerting = warn
"""


def import_linter(scene: Scene) -> str:
    """A configuration with a contract for each context that has modules where its package is looked for."""
    owners = _owners(scene)
    roots = sorted({module.partition(".")[0] for module in owners})
    lines = [(_UNSEEN.format(contexts=", ".join(scene.serving)) if scene.serving else "") + _HEAD
             + "".join(f"    {root}\n" for root in roots)]  # fmt: skip
    for context in [known.name for known in scene.tree.rule_set.contexts]:
        own = sorted(module for module, owner in owners.items() if owner == context)
        others = sorted(module for module, owner in owners.items() if owner not in (context, CORE, ""))
        if own and others:
            ignored = sorted({f"{a} -> {b}" for a, b in _crossing(scene) if a in own and b in others})
            lines.append(_CONTRACT.format(context=context))
            lines += [_list("source_modules", own), _list("forbidden_modules", others)]
            lines += [_list("ignore_imports", ignored)] if ignored else []
    return "".join(lines)


def _owners(scene: Scene) -> dict[str, str]:
    """The context of each module that lies where import-linter looks for its package, not where `__path__` leads to."""
    tree = scene.tree
    folders = {tree.config.package: f"{tree.config.root()}/", tree.config.core_package():
               f"{tree.config.service_root(CORE)}/"}  # fmt: skip
    for context in scene.serving:
        folders.setdefault(tree.config.package_of(context), f"{tree.config.service_root(context)}/")
    return {name: tree.assignment.context(path) for name, path in tree.code.modules.path_of.items()
            if path.startswith(folders.get(name.partition(".")[0], "\0"))}  # fmt: skip


def _crossing(scene: Scene) -> Iterator[tuple[str, str]]:
    for edge in scene.tree.code.graph.edges:
        if edge.kind in IMPORT_KINDS and edge.target:
            yield edge.source, edge.target


def _list(name: str, values: list[str]) -> str:
    return f"{name} =\n" + "".join(f"    {value}\n" for value in values)
