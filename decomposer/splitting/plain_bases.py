"""Whether the bases of a class keep no account of what is derived from them, so that it may get others in between."""

from __future__ import annotations

from collections.abc import Callable

from decomposer.graph.modules import Modules
from decomposer.graph.symbols import Symbols
from decomposer.model.class_bodies import ClassBody
from decomposer.syntax.bytes_of_text import text_of
from decomposer.syntax.class_bodies import read_class_bodies

_KNOWN = frozenset({("abc", "ABC")})


def base_hindrance(module: str, body: ClassBody, modules: Modules, read: Callable[[str], bytes | None]) -> str:
    """Why a class of a module cannot get bases between itself and its own; "" where it can."""
    looks = tuple(f"{body.name}.{name}" for name in ("__dict__", "__annotations__", "__bases__", "__mro__"))
    for path, facts in modules.facts.items():
        for use in facts.uses:
            if use.name.endswith(looks):
                return f"{path}:{use.line} asks for `{use.name}`"
    why = _above(module, body, Symbols(modules), read, ())
    if not why and not set(body.base_names) <= {"object", "ABC", "abc.ABC"}:
        asks = [path for path in modules.name_of if b"__subclasses__" in (read(path) or b"")]
        return f"it has a base, and {asks[0]} asks for `__subclasses__`" if asks else ""
    return why


def _above(
    module: str, body: ClassBody, symbols: Symbols, read: Callable[[str], bytes | None], seen: tuple[str, ...]
) -> str:
    for name in body.base_names:
        if name == "object" or f"{module}.{name}" in seen:
            continue
        found = symbols.follow(module, name) if name else None
        if found is not None and (found.module, found.name) in _KNOWN:
            continue
        if found is None or found.external or not found.name:
            return f"its base `{name}` is not known to keep no account of it"
        path = symbols.modules.path_of[found.module]
        source = read(path) or b""
        bodies = [one for one in read_class_bodies(source, text_of(source)) if one.name == found.name]
        if len(bodies) != 1 or bodies[0].head:
            return f"its base `{name}` is not known to keep no account of it"
        why = _above(found.module, bodies[0], symbols, read, (*seen, f"{module}.{name}"))
        if why:
            return why
    return ""
