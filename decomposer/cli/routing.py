"""The command that sends traffic to services and back, and tells where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from decomposer import app
from decomposer.cli.printable import printable_block
from decomposer.cli.request import Request, options
from decomposer.cli.telling import note, tell, tell_problems

if TYPE_CHECKING:
    from decomposer.scaffold.nginx.switch import Standing


def route(request: Request) -> int:
    """Sets the switch of a context, or lists all."""
    from decomposer.app import routing

    told = options(request)
    if "to" not in request:
        return _print(request, routing.routes(told, request.get("context")))
    with app.only_writer(told) as undone:
        tell_problems(filter(None, [undone]))
        now, elsewhere = routing.route(told, request["context"], request["to"], request.get("header"))
    if request["format"] == "json":
        return _print(request, [now])
    testers = f", and the testers {', '.join(now.testers)}" if now.testers else ""
    tell([f"{now.context}: {now.percent} % of the clients go to the service{testers}"])
    if elsewhere:
        note([f"nginx looks for flags in {elsewhere}: that is where this has to be done for it"])
    return 0


def _print(request: Request, found: list[Standing]) -> int:
    if request["format"] == "json":
        import json

        contexts = [{"name": one.context, "percent": one.percent, "testers": list(one.testers),
                     "cut_over": one.is_cut_over, "even": one.is_even} for one in found]  # fmt: skip
        tell(json.dumps({"version": 1, "contexts": contexts}, indent=1).split("\n"))
        return 0
    if not found:
        tell(["nginx has nothing to switch: decompose extract CONTEXT; or the monolith has ended: decompose finish"])
        return 0
    from decomposer.report.blocks import Table
    from decomposer.report.plain import render_plain

    rows: tuple[tuple[str, ...], ...] = tuple(
        (one.context, "cut over" if one.is_cut_over else f"{one.percent} %", ", ".join(one.testers) or "-",
         "" if one.is_even else f"some flags are missing: decompose route {one.context} --to {one.percent}")
        for one in found
    )  # fmt: skip
    is_even = all(one.is_even for one in found)
    table = Table(("context", "to the service", "testers", *(() if is_even else ("",))),
                  tuple(row[:3] if is_even else row for row in rows), ("to the service",))  # fmt: skip
    tell(render_plain([printable_block(table)]).splitlines())
    return 0
