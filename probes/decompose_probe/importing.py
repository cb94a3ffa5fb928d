"""Importing modules one after another, with what went wrong and where."""

from __future__ import annotations

import importlib
import os
import re
import sys
import traceback

from decompose_probe import paths

NOW = ""
"""The file that says what is being imported, for whoever has to end this process."""


def at(what):
    """Says what is about to happen."""
    with open(NOW, "w", encoding="utf-8", errors="replace") as file:
        file.write(what)


def import_all(request):
    """`[module, error, place]` for each module of each package named, and for each module named, in order."""
    results = []
    for name in request.get("packages", ()):
        _import_below(name, request["root"], results)
    seen = {name for name, _, _ in results}
    results += [[name, *_import(name, request["root"])] for name in request.get("modules", ()) if name not in seen]
    return results


def _import_below(name, root, results):
    error = _import(name, root)
    results.append([name, *error])
    module = sys.modules.get(name)
    if error[0] or module is None:
        return
    for below in paths.module_names(module):
        _import_below(below, root, results)


def _import(name, root):
    at(name)
    try:
        importlib.import_module(name)
        return "", ""
    except BaseException as error:  # sys.exit at import is one more way to fail
        return last_line(error), place(error, root)


def last_line(error):
    """The error as the last line of its traceback tells it."""
    try:
        text = "".join(traceback.format_exception_only(type(error), error)).strip()
    except Exception:
        text = type(error).__name__
    if isinstance(error, SyntaxError):
        text = text.rpartition("\n")[2]
    return re.sub(r" at 0x[0-9a-fA-F]+", "", " ".join(text.split()))[:600]


def place(error, root):
    """`file:line` of the innermost frame in the repository, else of the innermost one at all."""
    if isinstance(error, SyntaxError) and error.filename:
        return "%s:%s" % (relative(error.filename, root), error.lineno or 0)
    found = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        if file.startswith("<frozen") or os.sep + "decompose_probe" + os.sep in file:
            continue
        inside = file.startswith(root + os.sep) and not file.startswith(sys.prefix + os.sep)
        if inside or not found:
            found = "%s:%d" % (relative(file, root), line)
    return found


def relative(file, root):
    """A path as seen from the repository, where it lies in it."""
    if file.startswith(root + os.sep):
        return os.path.relpath(file, root).replace(os.sep, "/")
    return file
