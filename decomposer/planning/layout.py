"""The Python files of a repository by the names that people give them: paths and dotted names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable

from decomposer.model.near import near

_RELATIVE = re.compile(rb"^[ \t]*from[ \t]+\.", re.MULTILINE)


class Layout:
    """The Python files of a repository and the folders that imports start from; `read` gives a file's bytes."""

    def __init__(self, paths: Iterable[str], read: Callable[[str], bytes | None]) -> None:
        self.read, self.known = read, dict[str, str]()
        self.files = {path for path in paths if path.endswith(".py")}
        self.folders: set[str] = {""}
        for path in self.files:
            folder = path.rpartition("/")[0]
            while folder and folder not in self.folders:
                self.folders.add(folder)
                folder = folder.rpartition("/")[0]
        self.packages = {path.rpartition("/")[0] for path in self.files if path.endswith("/__init__.py")}
        tops = {package.rpartition("/")[0] for package in self.packages} - self.packages
        self.roots = sorted({"", *tops, *(f for f in self.folders if f.rpartition("/")[2] == "src")}, key=len)

    def root_of(self, path: str) -> str:
        """The folder that imports of a path start from, as the imports that there are say.

        Where none says it that is the folder above its outermost package, else the nearest one that holds a package.
        """
        folder = path.rpartition("/")[0]
        if folder not in self.known:
            self.known[folder] = self._root(folder, self._likely_root(folder), path)
        return self.known[folder]

    def _likely_root(self, folder: str) -> str:
        if folder in self.packages:
            while folder in self.packages:
                above = folder.rpartition("/")[0]
                if above.rpartition("/")[2] == "src":  # `src/__init__.py` is a frequent mistake: nobody imports it
                    return above
                folder = above
            return folder
        return [root for root in self.roots if not root or folder == root or folder.startswith(root + "/")][-1]

    def _root(self, folder: str, likely: str, path: str) -> str:
        """The folder from which anything imports a folder, the likely one before others and those further out.

        A folder in no package may be where scripts start that import each other.
        """
        top = folder
        while top in self.packages and top.rpartition("/")[0] != likely:
            top = top.rpartition("/")[0]
        if not folder or path not in self.files or self._is_imported(top, likely):
            return likely
        above = top.rpartition("/")[0]
        further = [above, *(above[:at] for at in range(len(above) - 1, 0, -1) if above[at] == "/"), ""]
        for root in sorted({*further} - {likely}, key=len):
            if self._is_imported(top, root):
                return root
        if folder not in self.packages and likely != folder and self._imports_siblings(folder):
            return folder
        return likely

    def _is_imported(self, folder: str, root: str) -> bool:
        """Whether any file imports a folder by its name from a root."""
        name = dotted_path(folder, root) if folder != root else ""
        if not name:
            return self._imports_siblings(folder)
        above, _, last = name.rpartition(".")
        told = rf"(?:from|import)[ \t]+(?:[\w., \t]*,[ \t]*)?{re.escape(name)}(?!\w)"
        told += rf"|from[ \t]+{re.escape(above)}[ \t]+import[ \t(]+(?:[\w., \t]*,[ \t]*)?{last}(?!\w)" if above else ""
        pattern = re.compile(rf"^[ \t]*(?:{told})".encode(), re.MULTILINE)
        near = sorted(self.files, key=lambda path: (not path.startswith(f"{folder}/"), path))
        return any(pattern.search(self.read(path) or b"") for path in near)

    def _imports_siblings(self, folder: str) -> bool:
        """Whether files of a folder import each other as if it were where imports start, and none relatively."""
        here = [path for path in self.files if path.rpartition("/")[0] == folder]
        names = "|".join(re.escape(dotted_path(path, folder)) for path in here)
        if not names:
            return False
        siblings = re.compile(rf"^[ \t]*(?:from|import)[ \t]+(?:{names})(?!\w)".encode(), re.MULTILINE)
        sources = [self.read(path) or b"" for path in here]
        return any(map(siblings.search, sources)) and not any(map(_RELATIVE.search, sources))

    def find(self, given: str) -> list[str]:
        """The paths (a file's, or a package's folder) that a path or a dotted name may mean."""
        if _is_path(given) or given in self.folders - {""}:
            path = posixpath.normpath(given).removesuffix("/__init__.py")
            return [path] if path in self.files or path in self.folders else []
        below = given.replace(".", "/")
        found: list[str] = []
        if not below:
            return found
        for root in self.roots:
            base = posixpath.join(root, below)
            if base in self.packages:
                found.append(base)
            elif base + ".py" in self.files:
                found.append(base + ".py")
            elif base in self.folders:
                found.append(base)
        return found or self._of_scripts(given)

    def _of_scripts(self, given: str) -> list[str]:
        """The modules of a name in folders that are no packages, whose files import each other by it."""
        ending = f"/{given.replace('.', '/')}.py"
        found = [path for path in sorted(self.files) if path.endswith(ending)]
        return [path for path in found if dotted_path(path, self.root_of(path)) == given]

    def seen_from(self, here: str, old: str, new: str) -> tuple[str, str]:
        """Both names with the paths among them as they are from the root, though written as seen from a folder.

        `./` and `../` always mean the folder. Else a path means what is there below it, and where it is to go is
        written as where it comes from, or is seen from the folder if nothing but that is there.
        """
        if not here:
            return old, new
        new = f"{new}/" if new in (".", "..") else new
        there = posixpath.normpath(posixpath.join(here, old)).removesuffix("/__init__.py")
        below = _is_path(old) and (old.startswith(("./", "../")) or there in self.files or there in self.folders)
        goes_below = _is_path(new) and (
            new.startswith(("./", "../")) or below
            or (not _is_path(old) and posixpath.join(here, new).rpartition("/")[0] in self.folders
                and new.rpartition("/")[0] not in self.folders)
        )  # fmt: skip
        return there if below else old, posixpath.join(here, new) if goes_below else new

    def near(self, given: str) -> str:
        """The module or package whose name is most like one that does not exist, written the same way; "" for none."""
        is_path = _is_path(given)
        named: dict[str, str] = {}
        for path in sorted(self.files | self.packages):
            shown = path if path not in self.files or not path.endswith("/__init__.py") else path.rpartition("/")[0]
            told = shown if is_path else dotted_path(shown, self.root_of(path if path in self.files else f"{path}/_"))
            named[told] = told.replace("/", ".").removesuffix(".py").rpartition(".")[2]
        last = given.removesuffix(".py").replace("/", ".").rpartition(".")[2]
        same = [told for told, name in named.items() if name == last]
        if len(same) == 1:
            return same[0]
        return next(iter(near(given, same or named, 1, 0.75 if not same else 0)), "")


def dotted_path(path: str, root: str) -> str:
    """The dotted name of a module's or package's path below the folder that imports start from."""
    below = path[len(root) + 1 :] if root else path
    return below.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _is_path(given: str) -> bool:
    return "/" in given or given.endswith(".py")
