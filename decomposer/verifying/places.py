"""Where each application lies, and what is on its path when it is probed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from decomposer.model.config import CORE, Config
from decomposer.scaffold.local import Read, find_local, local_packages
from decomposer.shell.probing import Target

TESTS = "tests"


class Places(Struct, frozen=True):
    """The repository (its real path), its configuration, and the contexts that have left, the core not among them.

    `local` are packages of the repository that any code may import, by name with the folder that holds each, and
    `built` the distribution of each that has one; `path` are folders that the monolith needs on its path besides its
    own.
    """

    root: str
    config: Config
    contexts: tuple[str, ...]
    local: Mapping[str, str]
    path: tuple[str, ...] = ()
    built: Mapping[str, str] = {}

    def has_core(self) -> bool:
        """Whether there is a shared core."""
        return os.path.isdir(self.full(self.config.service_root(CORE)))

    def left(self) -> tuple[str, ...]:
        """What has left the monolith: the core, and contexts that have a service."""
        return (*[CORE] * self.has_core(), *self.contexts)

    def full(self, path: str) -> str:
        """An absolute path."""
        return os.path.normpath(os.path.join(self.root, path))

    def package(self, context: str) -> str:
        """The top package of a service, or of the core."""
        return self.config.service_root(context).rpartition("/")[2]

    def attribute(self) -> str:
        """The name of every application in its module."""
        return self.config.entries[0].partition(":")[2] or "app"

    def folders(self) -> tuple[str, ...]:
        """All that certificates speak of."""
        names = (CORE, *self.contexts)
        project = self.config.project().rstrip("/")
        found = [self.config.root(), *map(self.config.shim, names), *map(self.config.service, names)]
        found += [f"{project}/{name}" for name in ("scripts", "tests") if project]
        return tuple(sorted({folder for folder in found if os.path.isdir(self.full(folder))}))

    def whose(self) -> dict[str, str]:
        """Folders that a service must not load from, with whose they are."""
        config = self.config
        return {config.root(): "the monolith", config.shim(): "the monolith",
                **{config.service(context): context for context in self.contexts}}  # fmt: skip

    def own(self, context: str) -> tuple[str, ...]:
        """The folders that a service may load from."""
        packages = tuple(os.path.relpath(os.path.join(home, name), self.root) for name, home in self.local.items())
        modules = tuple(f"{path}.py" for path in packages)  # a module beside packages, which has no folder of its own
        return (self.config.service(context), self.config.service(CORE), *packages, *modules)

    def monolith(self, startup: bool, hash_seed: int = 0, modules: tuple[str, ...] = ()) -> Target:
        """The monolith as it runs, from its own source folder; `modules` are names that are imported too."""
        path = tuple(dict.fromkeys([self.full(self.config.source), *self.path]))
        return Target(path, self.config.entries[0], (self.config.package,), self.local, tops=self.tops(),
                      startup=startup, hash_seed=hash_seed, modules=modules)  # fmt: skip

    def service(self, context: str, startup: bool) -> Target:
        """A service, or the core, with nothing but its own folder and the core's on the path."""
        package = self.package(context)
        entry = "" if context == CORE else f"{package}.main:{self.attribute()}"
        path = dict.fromkeys(self.full(f"{self.config.service(c)}/src") for c in (context, CORE))
        return Target(tuple(folder for folder in path if os.path.isdir(folder)), entry, (package,), self.local,
                      tops=self.tops(), startup=startup)  # fmt: skip

    def deployed(self, context: str, folders: tuple[Path, ...], distribution: str, startup: bool) -> Target:
        """The same from unpacked wheels, with what the distribution declares and nothing else."""
        package, where = self.package(context), tuple(map(str, folders))
        entry = "" if context == CORE else f"{package}.main:{self.attribute()}"
        return Target(where, entry, (package,), self.local, where, (package,), (distribution,), self.tops(), startup,
                      modules_first=True, built=self.built)  # fmt: skip

    def tops(self) -> tuple[str, ...]:
        """The top packages of the monolith, the core and the services."""
        packages = [self.package(context) for context in (CORE, *self.contexts)]
        return tuple(sorted({self.config.package, self.config.core_package(), *packages}))


def find_packages(
    root: str, config: Config, paths: Iterable[str], path: tuple[str, ...], read: Read
) -> tuple[dict[str, str], dict[str, str]]:
    """Packages besides the monolith, by name with the folder that holds each, and with the distribution that has it.

    Of two with one name, the one that lies in a folder of the path is taken, else the one nearest to the root. What
    lies in folders of the path that are not in the repository counts too: stand-ins for what is not installed.
    """
    real = [os.path.realpath(folder) for folder in path]
    first = [os.path.relpath(folder, root) for folder in real if f"{folder}/".startswith(f"{root}/")]
    inside = local_packages(config, paths, ["" if folder == "." else folder for folder in first])
    found = {name: os.path.normpath(os.path.join(root, holder)) for name, holder in inside.items()}
    for folder, resolved in zip(path, real, strict=True):
        packages = [] if f"{resolved}/".startswith(f"{root}/") else Path(folder).glob("*/__init__.py")
        for name in [*(module.stem for module in sorted(Path(folder).glob("*.py"))),
                     *(package.parent.name for package in sorted(packages))]:  # fmt: skip
            if name.isidentifier() and name not in (config.package, config.core_package()):
                found.setdefault(name, folder)
    local = (find_local(name, holder, read, config) for name, holder in inside.items())
    return found, {one.package: one.distribution for one in local if one.distribution}
