"""Where the analysed code is looked for, and where it was found."""

from __future__ import annotations

import hashlib
import importlib.machinery
import importlib.util
import marshal
import os
import sys

SUFFIXES = importlib.machinery.SOURCE_SUFFIXES


def set_up(request):
    """Puts the folders of a request first on the path, and takes the repository's own out that an install left there.

    Packages of the repository are found one by one, each only when something imports it, after everything else.
    """
    root = request["root"] + os.sep
    inside = sys.prefix + os.sep

    def is_foreign(folder):
        return not folder or (os.path.join(os.path.realpath(folder), "").startswith(root)
                              and not os.path.realpath(folder).startswith(inside))  # fmt: skip

    here = os.getcwd()
    kept = [folder for folder in sys.path if folder and folder != here and not is_foreign(folder)]
    sys.path[:] = [*request["path"], *kept]
    sys.meta_path[:] = [f for f in sys.meta_path if not _is_editable(f)]
    sys.path_hooks[:] = [hook for hook in sys.path_hooks if not _is_editable(hook)]
    sys.path_importer_cache.clear()
    if request.get("code_cache"):
        sys.path_hooks.insert(0, _hook(root, inside, request["code_cache"]))
    sys.meta_path.append(LocalFinder(request.get("local", {})))


def _is_editable(finder):
    """Whether an editable install has left a finder here: it may lead into the repository past the path."""
    module = getattr(finder, "__module__", "") or ""
    return module.startswith(("__editable__", "_editable_impl")) or "Editable" in getattr(finder, "__name__", "")


class LocalFinder:
    """Finds packages that the repository itself holds, by name."""

    def __init__(self, homes):
        self.homes = homes

    def find_spec(self, name, path=None, target=None):
        """The package in its own home, so that nothing else there can be imported."""
        if path is not None or name not in self.homes:
            return None
        return importlib.machinery.PathFinder.find_spec(name, [self.homes[name]])


class _CachingLoader(importlib.machinery.SourceFileLoader):
    """Compiles a file once for all probes: what is kept depends on its bytes alone, and not on its time."""

    folder = ""

    def get_code(self, fullname):
        """The module's code, from the cache when the same bytes were compiled before."""
        path = self.get_filename(fullname)
        source = self.get_data(path)
        name = hashlib.sha256(importlib.util.MAGIC_NUMBER + source).hexdigest()
        kept = os.path.join(self.folder, name)
        try:
            with open(kept, "rb") as file:
                code = marshal.load(file)
            import _imp

            _imp._fix_co_filename(code, path)
            return code
        except (OSError, ValueError, EOFError, TypeError):
            pass
        code = self.source_to_code(source, path)
        try:
            new = "%s.%d" % (kept, os.getpid())
            with open(new, "wb") as file:
                marshal.dump(code, file)
            os.replace(new, kept)
        except OSError:
            pass
        return code


def _hook(root, inside, cache):
    os.makedirs(cache, exist_ok=True)
    loader = type("CachingLoader", (_CachingLoader,), {"folder": cache})
    details = [
        (importlib.machinery.ExtensionFileLoader, importlib.machinery.EXTENSION_SUFFIXES),
        (loader, importlib.machinery.SOURCE_SUFFIXES),
        (importlib.machinery.SourcelessFileLoader, importlib.machinery.BYTECODE_SUFFIXES),
    ]

    def hook(folder):
        full = os.path.join(folder, "")
        if not full.startswith(root) or full.startswith(inside) or not os.path.isdir(folder):
            raise ImportError(folder)
        return importlib.machinery.FileFinder(folder, *details)

    return hook


def loaded(root):
    """The file of every loaded module that lies in the repository, by module and relative to it."""
    found = {}
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str):
            full = os.path.realpath(file)
            if full.startswith(root + os.sep) and not full.startswith(sys.prefix + os.sep):
                found[name] = os.path.relpath(full, root).replace(os.sep, "/")
    return found


def module_names(package):
    """The modules below a loaded package, in order of name, wherever its `__path__` leads.

    A folder that is itself a part of some package's path (a service's home, carried copies) is no package below it.
    """
    found = set()
    claimed = {os.path.realpath(folder) for module in list(sys.modules.values()) for folder in _path(module)}
    for folder in _path(package):
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            continue
        for name in names:
            full = os.path.join(folder, name)
            stem, suffix = os.path.splitext(name)
            if suffix in SUFFIXES and stem.isidentifier() and stem not in ("__init__", "__main__"):
                found.add(stem)
            elif name.isidentifier() and name not in ("__pycache__", "_copied", "_clients") and os.path.isdir(full):
                loaded_as = sys.modules.get("%s.%s" % (package.__name__, name))
                if os.path.realpath(full) in claimed and loaded_as is None:
                    continue
                if _holds_modules(full):
                    found.add(name)
    return sorted("%s.%s" % (package.__name__, name) for name in found)


def _holds_modules(folder):
    return any(name.endswith(".py") for _, _, names in os.walk(folder) for name in names)


def _path(module):
    try:
        return [folder for folder in module.__dict__.get("__path__", ()) if isinstance(folder, str)]
    except (AttributeError, TypeError):
        return []
