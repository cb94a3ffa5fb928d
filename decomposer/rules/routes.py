"""Rules by route prefix: a file is claimed when every route it serves lies below one of them."""

from __future__ import annotations

from decomposer.rules.kind import RuleKind, Traits


def _matches(patterns: tuple[str, ...], traits: Traits) -> str:
    prefixes = tuple(pattern.rstrip("/") for pattern in patterns)
    for route in traits.routes:
        if not any(route == prefix or route.startswith(prefix + "/") for prefix in prefixes):
            return ""
    return traits.routes[0] if traits.routes else ""


KIND = RuleKind(
    "routes", 40, _matches, "prefixes of the routes as served, `/v1/agents`: all of a file's routes lie below"
)
