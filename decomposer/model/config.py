"""What a team decides: where the monolith lies, its limits, its contexts and their rules."""

from __future__ import annotations

from msgspec import Struct

CORE = "core"
"""The name of the shared core; no context may have it."""


class Limits(Struct, frozen=True):
    """Physical lines: what a service may have at most, what it should have, and what a file may have."""

    service: int = 3000
    service_target: int = 1500
    file: int = 500


class Config(Struct, frozen=True):
    """Where the monolith lies and how its parts are called; all paths are relative to the repository.

    `layers` maps a folder of the package to its name in a service, where a team wants another one.
    `origin` is the file it was read from, or why it is as it is when there was none.
    """

    source: str
    package: str
    entries: tuple[str, ...]
    rules: str = ""
    services: str = "apps"
    layers: tuple[tuple[str, str], ...] = ()
    limits: Limits = Limits()
    exclude: tuple[str, ...] = ()
    origin: str = ""

    def root(self) -> str:
        """The package's folder."""
        return f"{self.source}/{self.package}" if self.source else self.package

    def project(self) -> str:
        """The folder of the monolith's own project: what holds `src/`, or the source folder itself."""
        return self.source.removesuffix("/src").removesuffix("src") if self.source.endswith("src") else self.source


class Rule(Struct, frozen=True):
    """One claim of a context: `kind` says what `patterns` are matched with; higher precedence wins."""

    context: str
    kind: str
    patterns: tuple[str, ...]
    precedence: int
    reason: str
    path: str
    line: int

    def place(self) -> str:
        """Where the rule stands, `path:line`."""
        return f"{self.path}:{self.line}"


class Context(Struct, frozen=True):
    """A bounded context: its name, its phase in the plan (1 is the core's), its port, and its description."""

    name: str
    description: str
    phase: int
    port: int
    path: str


class RuleSet(Struct, frozen=True):
    """All contexts in order of phase and name, and all rules."""

    contexts: tuple[Context, ...] = ()
    rules: tuple[Rule, ...] = ()

    def context(self, name: str) -> Context | None:
        """The context of that name."""
        return next((context for context in self.contexts if context.name == name), None)


class Owner(Struct, frozen=True):
    """Who owns a file and why.

    `context` is a context's name, "core", or "" when nobody claims it; then `suggestion` is the best guess
    and `evidence` says what it rests on. `rule` is `path:line` of the deciding rule.
    """

    path: str
    context: str
    reason: str = ""
    rule: str = ""
    precedence: int = 0
    suggestion: str = ""
    evidence: tuple[str, ...] = ()
