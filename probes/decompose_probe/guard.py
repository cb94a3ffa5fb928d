"""Who imports what: the place of each import, and a refusal where nothing declared provides it."""

from __future__ import annotations

import ast
import builtins
import importlib.util
import os
import sys
import sysconfig

from decompose_probe.closure import normalised
from decompose_probe.importing import relative


class Spy:
    """A finder that finds nothing and remembers which line first asked for each module."""

    def __init__(self, root):
        self.root = root
        self.seen = {}

    def find_spec(self, name, path=None, target=None):
        """Nothing; the importing frame is noted."""
        if name not in self.seen:
            frame = sys._getframe(1)
            while frame is not None and _is_machinery(frame.f_code.co_filename):
                frame = frame.f_back
            if frame is not None:
                self.seen[name] = "%s:%d" % (relative(frame.f_code.co_filename, self.root), frame.f_lineno)


def _is_machinery(file):
    return (
        file.startswith("<frozen")
        or os.sep + "decompose_probe" + os.sep in file
        or file.endswith(os.sep + os.path.join("importlib", "__init__.py"))
    )


def standard_library():
    """The names of the standard library's modules."""
    known = getattr(sys, "stdlib_module_names", None)
    if known is not None:
        return set(known)
    found = set(sys.builtin_module_names)
    for folder in (sysconfig.get_path("stdlib"), os.path.join(sysconfig.get_path("stdlib"), "lib-dynload")):
        if os.path.isdir(folder):
            found.update(name.partition(".")[0] for name in os.listdir(folder))
    return found


class Guard:
    """Refuses, where that is asked for, what the service's own files import without having declared it.

    The import is judged by the frame it stands in: a library may import what it likes, and a module that a library
    has already loaded is refused all the same.
    """

    def __init__(self, request, declared):
        self.root = request["root"]
        self.own = tuple(os.path.join(folder, "") for folder in request.get("own", ()))
        self.declared = declared
        self.refused = {}
        self._found = {}
        if declared is not None:
            self.allowed = standard_library() | declared.modules | set(request.get("packages", ()))
            self.allowed |= set(request.get("own_packages", ())) | {"__main__"}
            built = request.get("built", {})
            for name in request.get("local", {}):
                if name not in built or normalised(built[name]) in declared.repository:
                    self.allowed.add(name)

    def install(self):
        """Puts the guard before `import` and `importlib.import_module`."""
        if self.declared is None:
            return
        original_import, original_module = builtins.__import__, importlib.import_module

        def guarded(name, globals=None, locals=None, fromlist=(), level=0):
            if level == 0 and globals is not None:
                self._judge(name, globals.get("__file__"), sys._getframe(1))
            return original_import(name, globals, locals, fromlist, level)

        def import_module(name, package=None):
            frame = sys._getframe(1)
            if not name.startswith("."):
                self._judge(name, frame.f_globals.get("__file__"), frame)
            return original_module(name, package)

        builtins.__import__ = guarded
        importlib.import_module = import_module

    def _judge(self, name, file, frame):
        top = name.partition(".")[0]
        if top in self.allowed or not isinstance(file, str) or not file.startswith(self.own):
            return
        if not self._is_installed(top):
            return  # Python says so itself
        place = "%s:%d" % (relative(file, self.root), frame.f_lineno)
        self.refused.setdefault(top, place)
        raise ModuleNotFoundError("No module named %r: no declared requirement provides it" % top, name=top)

    def undeclared_in_functions(self):
        """`[name, place]` of what own files import somewhere, unguarded, although nothing declared provides it.

        Of what is not installed here, nobody can say which distribution has it: as long as something declared is not
        installed either, it is told apart, by a `?` before its name.
        """
        found = {}
        for module in list(sys.modules.values()):
            file = getattr(module, "__file__", None)
            if isinstance(file, str) and file.startswith(self.own) and file.endswith(".py"):
                try:
                    with open(file, "rb") as source:
                        tree = ast.parse(source.read())
                except (OSError, SyntaxError, ValueError):
                    continue
                for name, line in _imported(tree):
                    if name in self.allowed or normalised(name) in self.declared.missing:
                        continue
                    told = name if self._is_installed(name) or not self.declared.missing else "?" + name
                    found.setdefault(told, "%s:%d" % (relative(file, self.root), line))
        return [list(item) for item in sorted(found.items())]

    def _is_installed(self, name):
        if name not in self._found:
            try:
                self._found[name] = importlib.util.find_spec(name) is not None
            except (ImportError, ValueError, AttributeError):
                self._found[name] = name in sys.modules
        return self._found[name]


def _imported(node):
    """Top-level names that are imported, those only for type checkers or inside a `try` left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield alias.name.partition(".")[0], child.lineno
        elif isinstance(child, ast.ImportFrom):
            if not child.level and child.module:
                yield child.module.partition(".")[0], child.lineno
        elif isinstance(child, ast.Try):
            continue
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            for other in child.orelse:
                yield from _imported(other)
        else:
            yield from _imported(child)
