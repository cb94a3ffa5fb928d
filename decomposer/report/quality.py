"""The quality of a placement as JSON values and as blocks for a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from decomposer.checks.agreement import Agreement
from decomposer.checks.quality_figures import Quality
from decomposer.model.problems import DecomposerError, Problem
from decomposer.report.blocks import Block, Heading, Table, Text

FIGURES = (
    ("structural_modularity", "structural modularity", "more", "cohesion without coupling, each pair of services once"),
    ("structural_modularity_as_programmed", "  as Mono2Micro counts", "more", "each pair of services twice"),
    ("cohesion", "cohesion", "more", "pairs of modules in a service with a call, of all ordered pairs"),
    ("coupling", "coupling", "less", "pairs of modules in two services with a call, of all ordered pairs"),
    ("inter_calls", "calls between services", "less", "share of all calls"),
    ("inter_calls_log", "  log", "less", "the same, many calls between two modules damped"),
    ("interfaces", "interface number", "less", "modules that other services call, per service"),
    ("interface_pairs", "  as Mono2Micro counts", "less", "pairs of modules with a call between services, per service"),
    ("modularity", "modularity Q", "more", "calls within services, over those expected by chance"),
    ("transaction_entropy", "transaction entropy", "less", "contexts whose tables a route comes to"),
    ("outside_band", "lines outside the band", "less", "share of lines in services too small or too large"),
)
"""Key, name, which way is better, and what it is."""
SHARES = frozenset({"inter_calls", "inter_calls_log", "outside_band"})


def quality_document(found: Quality) -> dict[str, Any]:
    """The figures by key, rounded to what they are good for."""
    told = found.structure
    values = {
        "structural_modularity": told.structural_modularity(),
        "structural_modularity_as_programmed": told.structural_modularity_as_programmed(),
        "cohesion": told.cohesion, "coupling": told.coupling,
        "inter_calls": told.inter_calls, "inter_calls_log": told.inter_calls_log,
        "interfaces": told.interfaces, "interface_pairs": told.interface_pairs, "modularity": told.modularity,
        "transaction_entropy": found.transaction_entropy, "outside_band": found.outside_band,
    }  # fmt: skip
    return {
        "services": told.services, "modules": told.modules, "calls": told.calls,
        "transactions": found.transactions, "shared_transactions": found.shared,
        **{key: round(value, 4) + 0.0 for key, value in values.items()},
    }  # fmt: skip


def earlier_document(path: str, text: str) -> dict[str, Any]:
    """The figures that an earlier analysis document has; raises DecomposerError for a text that is none."""
    try:
        figures = json.loads(text)["quality"]
        return {"file": path, "quality": {key: float(figures[key]) for key, *_ in FIGURES}}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DecomposerError(Problem(path, 0, "analysis", "has no figures of quality to compare with",
                                      "keep what `decompose analyze --format json` prints")) from None  # fmt: skip


def agreement_document(found: Agreement, path: str) -> dict[str, Any]:
    """How far a placement agrees with the one in a file."""
    return {
        "file": path, "files": found.files, "mojofm": round(found.mojofm, 4),
        "adjusted_rand": round(found.adjusted_rand, 4) + 0.0,
        "others": [{"path": path, "context": ours, "against": theirs} for path, ours, theirs in found.others],
        "unknown": list(found.unknown),
    }  # fmt: skip


def quality_blocks(d: dict[str, Any]) -> Iterator[Block]:
    """The section of the overview."""
    told = d["quality"]
    yield Heading("Quality of the placement")
    if told["services"] < 2:
        yield Text("there are no two services to tell apart")
        return
    rows = tuple((name, shown(key, told[key]), better, what) for key, name, better, what in FIGURES)
    yield Table(("figure", "value", "better", "what it is"), rows, ("value",))
    yield Text(f"{told['calls']:,} calls between {told['modules']:,} modules of {told['services']} services; "
               f"{told['shared_transactions']:,} of {told['transactions']:,} routes that come to a table come to "
               "tables of several")  # fmt: skip


def agreement_blocks(d: dict[str, Any], most: int) -> Iterator[Block]:
    """How far the placement agrees with the one that a team gave, where it did."""
    told = d.get("against")
    if told is None:
        return
    yield Heading(f"Against {told['file']}")
    yield Text(f"MoJoFM {shown('mojofm', told['mojofm'] * 100)}, adjusted Rand index "
               f"{shown('', told['adjusted_rand'])}, over {told['files']:,} files")  # fmt: skip
    if told["others"]:
        yield Table(("file", "here", "there"),
                    tuple((one["path"], one["context"], one["against"]) for one in told["others"][:most]))  # fmt: skip
    if len(told["others"]) > most:
        yield Text(f"… and {len(told['others']) - most:,} more in --format json")
    if told["unknown"]:
        yield Text(f"placed there and not here: {', '.join(told['unknown'][:most])}"
                   + (f" and {len(told['unknown']) - most:,} more" if len(told["unknown"]) > most else ""),
                   "warning")  # fmt: skip


def earlier_blocks(d: dict[str, Any]) -> Iterator[Block]:
    """The figures of earlier analyses, in the order given, and of now; and which of them are better than at first."""
    told = d.get("since")
    if not told:
        return
    yield Heading("Quality over time")
    names = (*(PurePath(one["file"]).stem for one in told), "now")
    values = [one["quality"] for one in (*told, d)]
    rows = tuple((name, *(shown(key, one[key]) for one in values), _change(values[0][key], values[-1][key], better))
                 for key, name, better, _ in FIGURES)  # fmt: skip
    yield Table(("figure", *names, f"since {names[0]}"), rows, names)


def _change(then: float, now: float, better: str) -> str:
    if then == now:
        return "-"
    return "better" if (now > then) == (better == "more") else "worse"


def shown(key: str, value: float) -> str:
    """A figure as a person reads it: shares as percentages."""
    if key == "mojofm":
        return f"{value:.1f}"
    return f"{value * 100:.1f} %" if key in SHARES else f"{value:.3f}"
