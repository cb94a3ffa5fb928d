"""Which files around the package mean this package, where a repository has several of the same name."""

from __future__ import annotations

from collections.abc import Iterable

from decomposer.model.config import Config, Home


class Belonging:
    """Decides whether `app` in a file outside the package is the package that is being split.

    A file below a folder with a package of that name of its own (`apps/wallet/src/app`) means that one. Where
    the name is unique in the repository every file counts; else files of the monolith's own project, files
    that name its folder, and files that name a module which only this package has.
    """

    def __init__(self, config: Config, paths: Iterable[str]) -> None:
        self.config = config
        self.root = config.root() + "/"
        self.project = config.project().rstrip("/")
        marker = f"/{config.package}/"
        others: set[str] = set()
        ours: set[str] = set()
        theirs: set[str] = set()
        homes = {_holder(home) for home in config.homes}  # a service, whose package is a part of this one
        prefix = f"{config.source}/" if config.source else ""
        for path in paths:
            if path.startswith(self.root):
                ours.add(_dotted(path.removeprefix(prefix)))
            if not path.endswith(".py") or path.startswith(self.root):
                continue
            if config.home_of(path) is not None:
                continue
            at = f"/{path}".find(marker)
            holder = f"/{path}"[:at].strip("/")
            if at >= 0 and holder not in homes:
                others.add(holder)
                theirs.add(_dotted(f"/{path}"[at + 1 :]))
        self.others = {_project(holder) for holder in others}
        self.unique = not self.others
        self.only_ours = ours - theirs

    def counts(self, path: str, words: Iterable[str] = (), names: Iterable[str] = ()) -> bool:
        """Whether a file may mean the package; `words` may name the project's folder, `names` are modules."""
        if path.startswith(self.root) or (self.project and path.startswith(self.project + "/")):
            return True
        folder = path.rpartition("/")[0]
        while folder:
            if folder in self.others:
                return False
            folder = folder.rpartition("/")[0]
        if self.unique:
            return True
        name = self.project.rpartition("/")[2]
        return any(name in word for word in words if name) or any(module in self.only_ours for module in names)


def _holder(home: Home) -> str:
    """The source folder that a home lies in: `apps/pay/src` for `apps/pay/src/app/routers`."""
    return home.folder.removesuffix(home.dotted.replace(".", "/")).rstrip("/")


def _dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _project(holder: str) -> str:
    """The project folder of a source folder: `apps/wallet` for `apps/wallet/src`."""
    return holder.removesuffix("/src") if holder.endswith("/src") else holder
