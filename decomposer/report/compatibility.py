"""What changed from one contract to another, as blocks for a person and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from decomposer.model.compatibility import NONE, SDK, WIRE, Compatibility
from decomposer.report.blocks import Block, Heading, Table, Text

_WHOM = {WIRE: "everybody", SDK: "generated code", NONE: "nobody"}


def compatibility_document(found: Compatibility) -> dict[str, Any]:
    """Both verdicts, and every change with whom it breaks."""
    return {"version": 1, "wire_compatible": found.wire, "sdk_compatible": found.sdk,
            "changes": [msgspec.to_builtins(change) for change in found.changes]}  # fmt: skip


def compatibility_blocks(document: dict[str, Any]) -> list[Block]:
    """The verdicts, and the changes from those that break everybody to those that break nobody."""
    return list(_blocks(document))


def _blocks(document: dict[str, Any]) -> Iterator[Block]:
    yield Heading("From one contract to the other")
    for name, key in (("wire", "wire_compatible"), ("SDK", "sdk_compatible")):
        yield Text(f"{name}-compatible: {'yes' if document[key] else 'no'}", "good" if document[key] else "bad")
    changes = sorted(document["changes"], key=lambda change: (list(_WHOM).index(change["breaks"]), change["operation"]))
    if changes:
        yield Table(("breaks", "operation", "where", "what"), tuple(
            (_WHOM[change["breaks"]], change["operation"], change["where"], change["told"]) for change in changes
        ))  # fmt: skip
    else:
        yield Text("nothing has changed that clients could notice")
