"""The command that takes changes back, and lists those that were made."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from decomposer import app
from decomposer.cli.printable import printable_block
from decomposer.cli.request import Request, options
from decomposer.cli.telling import note, tell, tell_problems
from decomposer.cli.writing import rollback_command
from decomposer.model.counting import counted
from decomposer.model.problems import DecomposerError

if TYPE_CHECKING:
    from decomposer.shell.history import Record


def rollback(request: Request) -> int:
    """Takes back the change that is named by its id or a context, or the last one that holds; or lists all.

    What a killed run left half-made is undone first. Where no change is named that was the last one, and it is all. The
    traffic of its contexts goes back to the monolith before anything else.
    """
    if "list" in request:
        return _list(request)
    from decomposer.app import routing
    from decomposer.shell.apply import RECOVERED

    told, change = options(request), request.get("change")
    with app.only_writer(told) as undone:
        tell_problems(filter(None, [undone]))
        if undone is not None and undone.code == RECOVERED and change is None:
            tell(["null" if request["format"] == "json" else "no other change was taken back"])
            return 0
        command = partial(rollback_command, request)
        sent = routing.send_back(told, routing.contexts_of(told, change, command))
        try:
            record = app.rollback(told, change, command)
        except DecomposerError:
            routing.put_back(told, sent)
            raise
        note(f"{one.context}: its clients and testers go to the monolith again" for one in sent)
    if request["format"] == "json":
        return _print_json(record)
    lines = [f"took back {record.id} ({record.title}): {counted(record.files, 'file')}"]
    if record.commits:
        names = " and ".join(commit[:10] for commit in record.commits)
        lines.append(f"git still has it, as {names}: commit the files as they are now")
    tell(lines)
    return 0


def _list(request: Request) -> int:
    """Prints the history, the first change first."""
    records = app.changes(options(request))
    if request["format"] == "json":
        return _print_json(records)
    if not records:
        tell(["no change was made yet"])
        return 0
    from decomposer.report.blocks import Table
    from decomposer.report.plain import render_plain

    rows = tuple((r.id, r.time, str(r.files), r.state, ", ".join(r.contexts) or "-", r.title) for r in records)
    table = Table(("change", "made at", "files", "state", "context", "what"), rows, ("files",))
    tell(render_plain([printable_block(table)]).splitlines())
    return 0


def _print_json(value: Record | list[Record]) -> int:
    import json

    import msgspec

    tell(json.dumps(msgspec.to_builtins(value), indent=1).split("\n"))
    return 0
