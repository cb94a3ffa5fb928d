"""A proposal as one JSON document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from decomposer.splitting.classes import LargeClass
from decomposer.splitting.proposal import Proposal


def proposal_document(
    proposal: Proposal, classes: Iterable[LargeClass], limit: int, into: int | None = None
) -> dict[str, Any]:  # fmt: skip
    """The parts with their lines, why there are none, why some stay, and classes too long for any module.

    `into` is how many parts were asked for.
    """
    return {
        "version": 1,
        "module": proposal.module, "path": proposal.path, "loc": proposal.lines, "limit": limit,
        "into": into,
        "parts": [
            {"module": part.module, "loc": part.lines, "names": list(part.names), "stays": part.stays}
            for part in proposal.parts
        ],
        "why_not": proposal.why, "stays": list(proposal.stays),
        "classes": [
            {
                "name": one.name, "line": one.line, "loc": one.lines, "lcom4": one.lcom4,
                "groups": [
                    {"methods": list(group.methods), "loc": group.lines, "line": group.first_line,
                     "attributes": list(group.attributes)}
                    for group in one.groups
                ],
            }
            for one in classes
        ],
    }  # fmt: skip
