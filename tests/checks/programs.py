"""Small random packages that import each other in every way, half of them in circles."""

from __future__ import annotations

from typing import TypeAlias

from hypothesis import strategies as st

Barrels: TypeAlias = dict[str, tuple[str, list[str]]]

MODULES = ("app.a", "app.b", "app.p.c", "app.p.d", "app.q.e", "app.q.f")
ALIASES = {"app.old_c": "app.p.c", "app.q.old_a": "app.a"}
PACKAGES = ("app", "app.p", "app.q")

_GETATTR = """\
def __getattr__(name):
    if name in _TABLE:
        from importlib import import_module
        return getattr(import_module(_TABLE[name], __name__), name)
    raise AttributeError(name)
"""


def path_of(module: str) -> str:
    """The file of a module."""
    return module.replace(".", "/") + ("/__init__.py" if module in PACKAGES else ".py")


def own(module: str) -> tuple[str, str, str]:
    """The names that a module defines itself."""
    stem = module.rpartition(".")[2].removeprefix("old_")
    return f"{stem}_one", f"{stem}_two", f"{stem}_three"


def children(package: str, modules: tuple[str, ...]) -> list[str]:
    """The modules directly in a package."""
    return [module for module in modules if module.rpartition(".")[0] == package]


@st.composite
def programs(draw: st.DrawFn) -> dict[str, str]:
    """The files of a package by path."""
    chosen = draw(st.lists(st.sampled_from(MODULES), min_size=3, max_size=6, unique=True))
    packages = tuple(p for p in PACKAGES if p == "app" or any(m.startswith(p + ".") for m in chosen))
    old = [alias for alias, real in ALIASES.items() if real in chosen and alias.rpartition(".")[0] in packages]
    modules = (*packages, *sorted(chosen), *(alias for alias in old if draw(st.booleans())))
    barrels: Barrels = {}
    for package in packages:
        inside = children(package, modules)
        kind = draw(st.sampled_from(["none", "none", "names", "star", "lazy", "modules"]))
        barrels[package] = (kind, draw(st.lists(st.sampled_from(inside), unique=True)) if inside else [])
    return {path_of(module): draw(_sources(module, modules, barrels)) for module in modules}


@st.composite
def _sources(draw: st.DrawFn, module: str, modules: tuple[str, ...], barrels: Barrels) -> str:
    if module in ALIASES:
        return f"import sys\nimport {ALIASES[module]} as _real\nsys.modules[__name__] = _real\n"
    parts = ["from typing import TYPE_CHECKING\n"]
    statements = draw(st.lists(_statement(module, modules, barrels), max_size=3))
    kind, inside = barrels.get(module, ("none", []))
    if kind == "lazy":
        table = {name: "." + child.rpartition(".")[2] for child in inside for name in own(child)}
        statements.insert(draw(st.integers(0, len(statements))), f"_TABLE = {table!r}\n{_GETATTR}")
    elif kind != "none":
        statements += [_barrel_line(kind, child) for child in inside]
    definitions = [f"class {name}: value = 1\n" for name in own(module)]
    everything = draw(st.permutations(statements + definitions))
    if draw(st.integers(0, 5)) == 0:
        everything.insert(draw(st.integers(0, len(everything))), f"__all__ = {list(own(module))!r}\n")
    return "".join(parts + list(everything))


def _barrel_line(kind: str, child: str) -> str:
    stem = child.rpartition(".")[2]
    if kind == "star":
        return f"from .{stem} import *\n"
    return f"from . import {stem}\n" if kind == "modules" else f"from .{stem} import {', '.join(own(child)[:2])}\n"


def _names(target: str, modules: tuple[str, ...], barrels: Barrels) -> list[str]:
    """What `from target import` may ask for: own names, what a barrel hands on, submodules."""
    names = list(own(target))
    kind, inside = barrels.get(target, ("none", []))
    if kind in ("names", "star", "lazy"):
        names += [name for child in inside for name in own(child)[:2]]
    return names + [child.rpartition(".")[2] for child in children(target, modules)]


@st.composite
def _statement(draw: st.DrawFn, module: str, modules: tuple[str, ...], barrels: Barrels) -> str:
    target = draw(st.sampled_from([other for other in modules if other != module]))
    name = draw(st.sampled_from(_names(target, modules, barrels)))
    one = own(target)[draw(st.integers(0, 2))]
    spelled = draw(_spelling(module, target))
    alias = f"k{draw(st.integers(0, 9))}"
    form = draw(st.sampled_from(["from", "from", "from", "plain", "as", "star", "submodule", "assigned"]))
    use = draw(st.sampled_from(["none", "none", "plain", "class", "decorator", "default", "annotation", "function"]))
    if form == "from":
        text, used = f"from {spelled} import {name} as {alias}\n", f"{alias}"
    elif form == "plain":
        text, used = f"import {target}\n", f"{target}.{one}"
    elif form == "as":
        text, used = f"import {target} as {alias}\n", f"{alias}.{one}"
    elif form == "star":
        text, used = f"from {spelled} import *\n", one
    elif form == "submodule" and "." in target:
        parent, _, stem = target.rpartition(".")
        text, used = f"from {draw(_spelling(module, parent))} import {stem} as {alias}\n", f"{alias}.{one}"
    elif form == "assigned":
        text, used = f"import {target} as _{alias}\n{alias} = _{alias}\n", f"{alias}.{one}.value"
    else:
        text, used = f"from {spelled} import {name}\n", name
    return draw(_wrapped(text + _using(use, used, alias), alias))


def _using(use: str, used: str, alias: str) -> str:
    return {
        "none": "", "plain": f"u_{alias} = [{used}]\n", "class": f"class u_{alias}(object):\n    inner = {used}\n",
        "decorator": f"def u_{alias}(x=None, y=({used},)): return {used}\n",
        "default": f"u_{alias} = lambda x={used}: x\n", "annotation": f"def u_{alias}(x: {used}): pass\n",
        "function": f"def u_{alias}(): return {used}\n",
    }[use]  # fmt: skip


@st.composite
def _spelling(draw: st.DrawFn, module: str, target: str) -> str:
    """A target as an absolute name, or relative to the module."""
    if draw(st.booleans()):
        return target
    package = (module if module in PACKAGES else module.rpartition(".")[0]).split(".")
    parts = target.split(".")
    common = 0
    while common < min(len(package), len(parts)) and package[common] == parts[common]:
        common += 1
    return "." * (len(package) - common + 1) + ".".join(parts[common:])


@st.composite
def _wrapped(draw: st.DrawFn, text: str, alias: str) -> str:
    inner = "".join(f"    {line}\n" for line in text.splitlines())
    forms = ["no", "no", "no", "no", "try", "attribute", "reraise", "typing", "false", "with", "lazy"]
    form = draw(st.sampled_from(forms[:-1] if "import *" in text else forms))
    return {
        "no": text,
        "try": f"try:\n{inner}except ImportError:\n    {alias} = u_{alias} = None\n",
        "attribute": f"try:\n{inner}except (AttributeError, NameError):\n    pass\nfinally:\n    f_{alias} = 1\n",
        "reraise": f"try:\n{inner}except Exception:\n    raise\nelse:\n    e_{alias} = 1\n",
        "typing": f"if TYPE_CHECKING:\n{inner}else:\n    {alias} = None\n",
        "false": f"if False:\n    pass\nelif not TYPE_CHECKING:\n{inner}",
        "with": f"from contextlib import suppress\nwith suppress(ImportError):\n{inner}",
        "lazy": f"def g_{alias}():\n{inner}",
    }[form]
