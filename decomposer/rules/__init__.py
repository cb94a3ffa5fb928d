"""TOML files to values: the configuration, and the contexts with their typed rules; one file per rule kind."""

from __future__ import annotations

from collections.abc import Mapping

from decomposer.rules import follows, keywords, modules, paths, routes, symbols, tables
from decomposer.rules.kind import RuleKind

KINDS: Mapping[str, RuleKind] = {
    "modules": modules.KIND,
    "paths": paths.KIND,
    "tables": tables.KIND,
    "symbols": symbols.KIND,
    "routes": routes.KIND,
    "keywords": keywords.KIND,
    "follows": follows.KIND,
}
"""Every kind of rule by the key that a rule file writes it with, in order of default precedence."""
