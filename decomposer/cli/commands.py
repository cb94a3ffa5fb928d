"""What each command does once its words are understood: call the use case, print, and tell the exit code."""

from __future__ import annotations

import gc
import shlex
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from decomposer import app
from decomposer.cli.guard import write_out
from decomposer.cli.printing import rendered, write_blocks
from decomposer.cli.progress import Bar
from decomposer.cli.request import Request, options, words
from decomposer.cli.taking_back import rollback
from decomposer.cli.telling import tell_problems
from decomposer.cli.unfinished import warn_of_unfinished
from decomposer.cli.writing import write
from decomposer.model.problems import DecomposerError
from decomposer.shell import locate, replay
from decomposer.shell.scan import Scanned

if TYPE_CHECKING:
    from decomposer.report.blocks import Block


def run_request(request: Request, scanned: Scanned | None = None) -> int:
    """The exit code of a command, after it has printed; what a user can mend becomes a message and code 2.

    A bug stays a traceback.
    """
    gc.disable()  # a short run that keeps nearly all it makes: collecting finds nothing and takes a tenth of it
    try:
        command = request["command"]
        only_tells = command in _TELLING and not request.keys() & _TELLING[command]
        if command in READING or only_tells or request.keys() & {"dry_run", "list", "plan"}:
            warn_of_unfinished(locate.find_repository(options(request).repo))
        return READING[command](request, scanned) if command in READING else WRITING[command](request)
    except DecomposerError as error:
        tell_problems(error.problems)
        return 2


_TELLING: dict[str, frozenset[str]] = {
    "verify": frozenset(), "up": frozenset(), "data": frozenset(), "smoke": frozenset(), "limits": frozenset(),
    "suggest": frozenset({"accept"}), "check": frozenset({"update_baseline"}), "clients": frozenset({"rewrite"}),
    "prune": frozenset({"subjects", "degree"}), "finish": frozenset({"step"}),
}  # fmt: skip
"""Commands that change no file of the repository, unless they are told one of these."""


def _analyze(request: Request, scanned: Scanned | None) -> int:
    with Bar() as bar:
        answer = app.analyze(options(request, bar, scanned), Path(request["against"]) if "against" in request else None,
                             [Path(name) for name in words(request, "since")])  # fmt: skip
    code = 1 if any(problem["severity"] == "error" for problem in answer.value["problems"]) else 0
    if request["format"] == "json":
        from decomposer.report.document import dump

        return _print(dump(answer.value), request, answer, code)
    from decomposer.report.overview import overview

    return _print_blocks(overview(answer.value), request, answer, code)


def _graph(request: Request, scanned: Scanned | None) -> int:
    with Bar() as bar:
        answer = app.graph(options(request, bar, scanned), request["format"])
    return _print(answer.value, request, answer, 0)


def _status(request: Request, scanned: Scanned | None) -> int:
    """Never printed again unread: certificates are no files of the repository."""
    from decomposer.report.status import status_blocks, status_document

    with Bar() as bar:
        found, step, has_baseline, left = app.status(options(request, bar, scanned))
    if "repo" in request and step:
        step += f" --repo {shlex.quote(request['repo'])}"
    if request["format"] == "json":
        from decomposer.report.document import dump

        write_out(dump(status_document(found, step, has_baseline, left)).encode("utf-8", "backslashreplace"))
    else:
        write_blocks(status_blocks(found, step, has_baseline, left), request)
    return 0


def _explain(request: Request, scanned: Scanned | None) -> int:
    with Bar() as bar:
        answer = app.explain(options(request, bar, scanned), request["subject"])
    if request["format"] == "json":
        from decomposer.report.document import dump

        return _print(dump(answer.value), request, answer, 0)
    from decomposer.report.explanation import explanation_blocks

    return _print_blocks(explanation_blocks(answer.value), request, answer, 0)


def _extract(request: Request) -> int:
    names = app.contexts(options(request), request["context"])
    if "dry_run" in request:
        return write(request, "extract", lambda told: app.extract(told, names))
    for name in names:  # each is a change of its own, which can be taken back by itself
        code = write(request, f"extract {name}", partial(app.extract, contexts=(name,)), (name,))
        if code:
            return code
    return 0


def _scaffold(request: Request) -> int:
    target, context = request["target"], request.get("context")
    title = f"scaffold {target}" + (f" {context}" if context else "")
    return write(request, title, lambda told: app.scaffold(told, target, context))


def _cutover(request: Request) -> int:
    names = tuple(dict.fromkeys(request["contexts"].split("\0")))
    return write(request, f"cutover {' '.join(names)}", lambda told: app.cutover(told, names), names)


def _move(request: Request) -> int:
    given = words(request, "words")
    pairs = tuple(zip(given[::2], given[1::2], strict=True))
    title = f"move {given[0]} {given[1]}" + (f" and {len(pairs) - 1} more" if len(pairs) > 1 else "")
    return write(request, title, lambda told: app.move(told, pairs, "no_alias" not in request, "repair" in request))


def _repair(request: Request) -> int:
    return write(request, "repair", app.repair)


def _verify(request: Request) -> int:
    from decomposer.cli.verifying import verify

    return verify(request)


def _up(request: Request) -> int:
    from decomposer.cli.running import up

    return up(request)


def _smoke(request: Request) -> int:
    from decomposer.cli.running import smoke

    return smoke(request)


def _suggest(request: Request) -> int:
    from decomposer.cli.suggesting import suggest

    return suggest(request)


def _check(request: Request) -> int:
    from decomposer.cli.checking import check

    return check(request)


def _prune(request: Request) -> int:
    from decomposer.cli.pruning import prune

    return prune(request)


def _clients(request: Request) -> int:
    from decomposer.cli.calling import clients

    return clients(request)


def _data(request: Request) -> int:
    from decomposer.cli.owning import data

    return data(request)


def _split(request: Request) -> int:
    from decomposer.cli.splitting import split

    return split(request)


def _limits(request: Request) -> int:
    from decomposer.cli.fitting import limits

    return limits(request)


def _finish(request: Request) -> int:
    from decomposer.cli.finishing import finish

    return finish(request)


def _demo(request: Request) -> int:
    from decomposer.cli.demo import demo

    return demo(request)


def _contract(request: Request) -> int:
    from decomposer.cli.contracts import contract

    return contract(request)


def _route(request: Request) -> int:
    from decomposer.cli.routing import route

    return route(request)


def _init(request: Request) -> int:
    given = (request.get("source"), request.get("package"), request.get("entry"))
    return write(request, "init", lambda told: app.init(told, *given, request["folder"], "force" in request))


READING: dict[str, Callable[[Request, Scanned | None], int]] = {
    "analyze": _analyze,
    "graph": _graph,
    "explain": _explain,
    "status": _status,
}
WRITING: dict[str, Callable[[Request], int]] = {
    "extract": _extract,
    "scaffold": _scaffold,
    "cutover": _cutover,
    "move": _move,
    "repair": _repair,
    "init": _init,
    "up": _up,
    "smoke": _smoke,
    "route": _route,
    "suggest": _suggest,
    "limits": _limits,
    "check": _check,
    "prune": _prune,
    "clients": _clients,
    "data": _data,
    "contract": _contract,
    "split": _split,
    "finish": _finish,
    "demo": _demo,
    "rollback": rollback,
    "verify": _verify,
}


def _print(text: str, request: Request, answer: app.Answer, code: int) -> int:
    """The code given, after printing; what was printed is kept for when nothing has changed.

    It is UTF-8 wherever it goes. A file name that is not is written with escapes, which JSON reads back.
    """
    data = text.encode("utf-8", "backslashreplace")
    write_out(data)
    replay.keep(sys.argv[1:], request, answer.root, answer.listed, code, data)
    return code


def _print_blocks(blocks: list[Block], request: Request, answer: app.Answer, code: int) -> int:
    text = rendered(blocks, request)
    return _print(text, request, answer, code) if text is not None else code
