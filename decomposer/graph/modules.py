"""Which file an import statement reaches: dotted names to paths, as Python's own finder decides it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from decomposer.model.config import CLIENTS, COPIES, Home
from decomposer.model.facts import PythonFacts


class Modules:
    """The modules below one package (or the one module of that name), by dotted name and by path.

    A folder with `__init__.py` wins over a file of the same name, a file over a folder without; the losing
    file keeps its dotted name but cannot be reached (`shadowed`).
    """

    def __init__(
        self, source: str, package: str, paths: Iterable[str], facts: Mapping[str, PythonFacts],
        homes: Sequence[Home] = (),
    ) -> None:  # fmt: skip
        self.package = package
        self.packages = (package, *dict.fromkeys(home.dotted for home in homes if "." not in home.dotted))
        self.facts = facts
        self.path_of: dict[str, str] = {}
        self.name_of: dict[str, str] = {}
        self.folders: set[str] = set()
        self.shadowed: dict[str, str] = {}
        prefix = f"{source}/" if source else ""
        inside = f"{prefix}{package}/"
        everything, alone = set(paths), f"{prefix}{package}.py"
        below = sorted(path for path in everything if path.startswith(inside) and path.endswith(".py"))
        for path in below or ([alone] if alone in everything else []):
            parts = path[len(prefix) : -len(".py")].split("/")
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            self.name_of[path] = name
            for depth in range(1, len(parts)):
                self.folders.add(".".join(parts[:depth]))
            known = self.path_of.get(name)
            if known is None:
                self.path_of[name] = path
            else:  # `x/__init__.py` and `x.py`
                winner, loser = (path, known) if is_package else (known, path)
                self.path_of[name] = winner
                self.shadowed[loser] = winner
        self._first = frozenset(self.folders)
        code = [path for path in everything if path.endswith(".py")] if homes else []
        regular = _regular(homes, code)
        for home in homes:
            self._add_home(home, code, regular)
        self.by_last: dict[str, list[str]] = {}
        self.handed_over: dict[str, str] = {}
        """Packages that are called something else now, each with its new name: what is below them lies there."""
        for name, path in self.path_of.items():
            self.by_last.setdefault(name.rpartition(".")[2], []).append(name)
            told = facts.get(path)
            if told is not None and told.definitions and told.definitions[0].name == "_Alias":
                self.handed_over |= {table.scope: table.value for table in told.name_tables if table.scope == name}

    def _add_home(self, home: Home, code: Iterable[str], regular: Mapping[str, str]) -> None:
        """Modules that a package finds in another folder too: what it has already goes before.

        What lies in a plain folder is none where another home has a `regular` package of that name.
        """
        prefix, depth = home.folder + "/", home.dotted.count(".") + 1
        is_other = home.dotted.partition(".")[0] != self.package
        found = {path for path in code if path.startswith(prefix)} - self.name_of.keys()
        hidden = {loser: path for path in found if path.endswith("/__init__.py")
                  if (loser := path.removesuffix("/__init__.py") + ".py") in found}  # fmt: skip
        for path in sorted(found, key=lambda path: (path in hidden, path)):
            parts = [*home.dotted.split("."), *path[len(prefix) : -len(".py")].split("/")]
            is_package = parts[-1] == "__init__"
            parts = parts[:-1] if is_package else parts
            name = ".".join(parts)
            if path in hidden and self.path_of.get(name) == hidden[path]:
                self.name_of[path], self.shadowed[path] = name, hidden[path]
                continue
            if name in self.path_of or COPIES in parts or (CLIENTS in parts and not is_other):
                continue
            if is_package and len(parts) == depth and not is_other:
                continue
            above = [".".join(parts[:at]) for at in range(depth, len(parts))]
            if not is_other and any(package in self._first and package != home.dotted for package in above):
                continue  # that package looks where it lies itself, unless it is extended too
            if any(regular.get(package, init) != init for package, init in _packages(home, path)):
                continue
            self.path_of[name], self.name_of[path] = path, name
            self.folders.update(".".join(parts[:at]) for at in range(1, len(parts) + is_package))

    def exists(self, name: str) -> bool:
        """Whether `import name` finds a module, a package or a folder without `__init__.py`."""
        return name in self.path_of or name in self.folders

    def is_package(self, path: str) -> bool:
        """Whether a path is a package's `__init__.py`."""
        return path.endswith("/__init__.py")

    def package_of(self, path: str) -> str:
        """The package that relative imports of a file start from."""
        name = self.name_of.get(path, "")
        return name if self.is_package(path) else name.rpartition(".")[0]

    def absolute(self, path: str, level: int, module: str) -> str | None:
        """The absolute name of an import; None when it climbs above the top package."""
        if level == 0:
            old = self.old_package(module)
            return self.handed_over[old] + module[len(old) :] if old else module
        parts = self.package_of(path).split(".")
        if not parts[0] or level > len(parts):
            return None
        base = parts[: len(parts) - level + 1]
        return ".".join([*base, module] if module else base)

    def old_package(self, dotted: str) -> str:
        """The package above a module that hands over another one, "" for none."""
        at = dotted.rpartition(".")[0] if self.handed_over else ""
        while at and at not in self.handed_over:
            at = at.rpartition(".")[0]
        return at

    def longest(self, dotted: str) -> tuple[str, str]:
        """The longest beginning of a dotted name that is a module, and the rest; ("", dotted) when none is."""
        head = dotted
        while head:
            if head in self.path_of:
                return head, dotted[len(head) + 1 :]
            head = head.rpartition(".")[0]
        return "", dotted

    def is_ours(self, dotted: str) -> bool:
        """Whether an absolute name starts with the package, or with another one that modules of it have gone to."""
        return dotted.partition(".")[0] in self.packages


def _regular(homes: Iterable[Home], code: Iterable[str]) -> dict[str, str]:
    """The `__init__.py` of each package that a home has below it: of several homes' the first is found."""
    inits = [path for path in code if path.endswith("/__init__.py")]
    found: dict[str, str] = {}
    for home in homes:
        for path in inits:
            if path.startswith(f"{home.folder}/"):
                for package, init in _packages(home, path):
                    if init == path:
                        found.setdefault(package, init)
    return found


def _packages(home: Home, path: str) -> Iterator[tuple[str, str]]:
    """The folders between a home and a file: each one's dotted name, and the `__init__.py` that would be its own."""
    dotted, folder = home.dotted, home.folder
    for part in path[len(home.folder) + 1 :].split("/")[:-1]:
        dotted, folder = f"{dotted}.{part}", f"{folder}/{part}"
        yield dotted, f"{folder}/__init__.py"
