"""What a team decides: where the monolith lies, its limits, its contexts and their rules."""

from __future__ import annotations

import posixpath
import re

from msgspec import Struct

CORE = "core"
"""The name of the shared core; no context may have it."""
CORE_NAMES = ("config", "logging", "database", "exceptions", "security")
"""Modules of the core that the monolith and each service know as `core.<name>` too."""
COPIES = "_copied"
"""The folder in a service's package for modules of other contexts that it carries a copy of."""
CLIENTS = "_clients"
"""The folder in a service's package for clients that take the place of modules of other contexts."""
INTERNAL = "_internal"
"""The folder in a package for what other services call of a context, a module for each."""
_ENDINGS = ("-api", "_api", "-service", "_service", "-backend", "_backend", "-server", "_server", "-app", "_app")


class Limits(Struct, frozen=True):
    """Physical lines: what a service may have at most, what it should have, and what a file may have."""

    service: int = 3000
    service_target: int = 1500
    file: int = 500


class Deploy(Struct, frozen=True):
    """How the monolith runs where it is deployed, as far as the repository's own files do not tell.

    `root` is the folder in which the repository lies there, `port` the one that the monolith listens on, `prefix` what
    units begin with; "" and 0 for what its unit says. `header` names the header, and the cookie, by which testers are
    told apart. `internal` is the path below which services call each other.
    """

    root: str = ""
    port: int = 0
    prefix: str = ""
    header: str = "X-Route-To"
    internal: str = "/internal"


class Finish(Struct, frozen=True):
    """How the monolith ends.

    `rest` is the context whose service answers what is nobody's, as what the monolith's own entry answers; "" while
    nobody does. `deprecated` and `sunset` are the days (ISO 8601) from which the monolith is not to be used, and on
    which it ends; "" where that is not settled. `retired` are the targets of the scaffolding that do without it.
    """

    rest: str = ""
    deprecated: str = ""
    sunset: str = ""
    retired: tuple[str, ...] = ()

    @property
    def has_ended(self) -> bool:
        """Whether nothing leads to the monolith any more: then services answer alone."""
        return "nginx" in self.retired


class Home(Struct, frozen=True):
    """A folder in which modules of a package lie, `dotted` being the package: one of a service or of the core."""

    dotted: str
    folder: str


class Config(Struct, frozen=True):
    """Where the monolith lies and how its parts are called; all paths are relative to the repository.

    `layers` maps a folder of the package to its name in a service, where a team wants another one.
    `origin` is the file it was read from, or why it is as it is when there was none. `core` is the folder of the
    shared core, below `services`; "" for one named after the monolith. `own_package` is what each service's package
    is called, "{context}" standing for the context; "" for the monolith's name. `templates` is the team's own folder of
    templates, which go before the tool's, `scaffold` what is rendered for each service, () for everything. `homes` are
    where modules have gone to.
    """

    source: str
    package: str
    entries: tuple[str, ...]
    rules: str = ""
    services: str = "apps"
    layers: tuple[tuple[str, str], ...] = ()
    limits: Limits = Limits()
    exclude: tuple[str, ...] = ()
    core: str = ""
    own_package: str = ""
    templates: str = ""
    scaffold: tuple[str, ...] = ()
    deploy: Deploy = Deploy()
    finish: Finish = Finish()
    homes: tuple[Home, ...] = ()
    origin: str = ""

    def root(self) -> str:
        """The package's folder."""
        return f"{self.source}/{self.package}" if self.source else self.package

    def project(self) -> str:
        """The folder of the monolith's own project: what holds `src/`, or the source folder itself."""
        return self.source.removesuffix("/src").removesuffix("src") if self.source.endswith("src") else self.source

    def service(self, context: str) -> str:
        """The folder of a context's service, or of the core."""
        return posixpath.normpath(posixpath.join(self.services, self.core_name() if context == CORE else context))

    def service_root(self, context: str) -> str:
        """The folder of the package of a context's service, or of the core."""
        return f"{self.service(context)}/src/{self.package_of(context)}"

    def package_of(self, context: str) -> str:
        """The top package of a context's service, or of the core."""
        if context == CORE:
            return self.core_package()
        return self.own_package.replace("{context}", re.sub(r"\W", "_", context)) or self.package

    def answers_for(self, context: str, owner: str) -> bool:
        """Whether a context's service answers what belongs to an owner: itself, and of nobody where it takes that."""
        return owner == context or (context == self.finish.rest and owner in (CORE, ""))

    def core_name(self) -> str:
        """The core's name: `coordinator-core` where the monolith lies in `coordinator-api`."""
        if self.core:
            return self.core
        project = self.project().rstrip("/").rpartition("/")[2] or self.package
        for ending in _ENDINGS:
            project = project.removesuffix(ending)
        return f"{project.replace('_', '-').lower()}-core"

    def core_package(self) -> str:
        """The core's top package: its name as Python can write it."""
        return re.sub(r"\W", "_", self.core_name())

    def shim(self, context: str = CORE) -> str:
        """The folder beside the monolith's package that leads to the core's package, or to a service's own."""
        package = self.package_of(context)
        return f"{self.source}/{package}" if self.source else package

    def home_of(self, path: str) -> Home | None:
        """The innermost home in which a path lies, None for one that has gone nowhere."""
        found = [home for home in self.homes if path.startswith(home.folder + "/")]
        return max(found, key=lambda home: len(home.folder), default=None)


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


class Dependency(Struct, frozen=True):
    """How a context's dependency on the files of others that `patterns` match is settled.

    `policy` is "share" (they go to the core), "client" (called over HTTP), "copy" (the service carries a marked
    copy) or "deny" (the extraction stops). Of a client, `session` names what opens a session at the owner, as
    `storage.db:get_session`, "" where callers' sessions stay what they are, and `idempotent` the functions that may be
    called again when an answer was lost.
    """

    context: str
    patterns: tuple[str, ...]
    policy: str
    reason: str
    path: str
    line: int
    session: str = ""
    idempotent: tuple[str, ...] = ()

    def place(self) -> str:
        """Where the rule stands, `path:line`."""
        return f"{self.path}:{self.line}"


class RuleSet(Struct, frozen=True):
    """All contexts in order of phase and name, all rules, and how dependencies are settled."""

    contexts: tuple[Context, ...] = ()
    rules: tuple[Rule, ...] = ()
    dependencies: tuple[Dependency, ...] = ()

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
