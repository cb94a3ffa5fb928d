"""One probe from its request to its answer: boot the application, import every module, tell what was seen."""

from __future__ import annotations

import json
import os
import sys
import warnings

from decompose_probe import application, closure, data, guard, importing, paths


def main(request_path):
    """Answers a request and ends the process at once, whatever threads the analysed code has started."""
    with open(request_path, encoding="utf-8") as file:
        request = json.load(file)
    answer = {"python": ".".join(map(str, sys.version_info[:3])), "ended": ""}
    sys.argv = ["decompose-probe"]
    warnings.simplefilter("ignore")
    try:
        _answer(request, answer)
    except BaseException as error:  # a probe that fails is an answer, too
        answer["ended"] = importing.last_line(error)
        answer["place"] = importing.place(error, request["root"])
    with open(request["answer"] + ".new", "w", encoding="utf-8", errors="backslashreplace") as file:
        json.dump(answer, file, default=str)
    os.replace(request["answer"] + ".new", request["answer"])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _answer(request, answer):
    paths.set_up(request)
    spy = guard.Spy(request["root"])
    sys.meta_path.insert(0, spy)
    if request.get("tells_providers"):
        answer["providers"] = closure.providers()
    declared = None
    if request.get("distributions") is not None:
        declared = closure.Closure(request["distributions"], request.get("built", {}).values())
        answer["installed"] = declared.versions
        answer["requirements"] = declared.requirements
    rules = guard.Guard(request, declared)
    rules.install()
    importing.NOW = request["answer"] + ".now"
    modules_first = request.get("modules_first", False)
    if modules_first:
        answer["imports"] = importing.import_all(request)
    if request.get("entry"):
        _boot(request, answer)
    if not modules_first:
        answer["imports"] = importing.import_all(request)
    importing.at("the end")
    answer["tables"], answer["table_errors"] = data.tables()
    answer["mappers_error"] = answer.get("mappers_error") or ""
    answer["all_mappers_error"] = data.configure()
    answer["tasks"] = data.tasks()
    answer["files"] = paths.loaded(request["root"])
    answer["importers"] = {name: spy.seen[name] for name in answer["files"] if name in spy.seen}
    answer["refused"] = [list(item) for item in sorted(rules.refused.items())]
    answer["undeclared"] = rules.undeclared_in_functions() if declared is not None else []


def _boot(request, answer):
    """The application and what is known of it; a failure is told under "boot_error"."""
    importing.at(request["entry"])
    try:
        app = application.find(request["entry"])
        answer["mappers_error"] = data.configure()
        if request.get("startup"):
            importing.at("the start of " + request["entry"])
            application.start_and_stop(app)
        answer["openapi"] = application.openapi(app)
        fingerprints = application.Fingerprints(request)
        answer["routes"] = application.routes(app, fingerprints)
        answer["middleware"] = application.middleware(app)
        answer["handlers"] = application.exception_handlers(app)
        answer["starts"] = application.starts(app)
    except BaseException as error:
        answer["boot_error"] = importing.last_line(error)
        answer["boot_place"] = importing.place(error, request["root"])
