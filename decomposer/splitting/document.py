"""A proposal as one JSON document."""

from __future__ import annotations

from typing import Any

from decomposer.splitting.reading import Reading


def proposal_document(reading: Reading, limit: int, into: int | None = None) -> dict[str, Any]:
    """The parts with their lines, why there are none, why some stay, and classes too long for any module.

    `into` is how many parts were asked for; `divided` has the classes that get bases, `undivided` those that cannot.
    """
    proposal = reading.proposal
    return {
        "version": 1,
        "module": proposal.module, "path": proposal.path, "loc": proposal.lines, "limit": limit,
        "into": into,
        "parts": [
            {"module": part.module, "loc": part.lines, "names": list(part.names), "stays": part.stays}
            for part in proposal.parts
        ],
        "why_not": proposal.why, "walked": "{}:{}".format(*proposal.walked) if proposal.walked else "",
        "stays": list(proposal.stays),
        "classes": [
            {
                "name": one.name, "line": one.line, "loc": one.lines, "lcom4": one.lcom4,
                "groups": [
                    {"methods": list(group.methods), "loc": group.lines, "line": group.first_line,
                     "attributes": list(group.attributes)}
                    for group in one.groups
                ],
            }
            for one in reading.classes
        ],
        "divided": [
            {"name": one.name, "line": one.line, "bases": list(one.bases),
             "calls_across": [list(pair) for pair in one.across]}
            for one in reading.bases
        ],
        "undivided": [{"name": one.name, "line": one.line, "why_not": one.why} for one in reading.wholes],
    }  # fmt: skip
