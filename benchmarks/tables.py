"""The figures as Markdown, each with its target next to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from benchmarks import trees
from benchmarks.measuring import Figures

RATIOS = {  # command: (compared with, at most so many times as long)
    trees.WARM: (trees.GRIMP_WARM, 1.5),
    trees.CHANGED: (trees.GRIMP_WARM, 3.0),
    trees.COLD: (trees.PARSE, 0.2),
    trees.READER: (trees.PARSE, 0.6),
    trees.EXTRACT_COLD: (trees.PARSE, 1.5),
    trees.EXTRACT: (trees.PARSE, 0.8),
    trees.LIMITS: (trees.PARSE, 2.0),
    trees.PRUNE: (trees.PARSE, 0.8),
    trees.CLIENTS: (trees.PARSE, 0.6),
    trees.CHECK: (trees.PARSE, 0.2),
    trees.DATA: (trees.PARSE, 0.6),
    trees.VERIFY: (trees.BOOT, 6.0),
    trees.MOVE_ONE: (trees.ROPE_ONE, 0.25),
    trees.MOVE_NINE: (trees.ROPE_NINE, 0.4),
}
HELP_SECONDS = 0.2
MEGABYTES = 150  # for each 100,000 lines
GROWTH = 1.25  # what a line may cost in the largest tree, compared with the smallest


def costs(figures: Mapping[str, Figures], lines: int) -> Iterator[str]:
    """A row for each command: time, its ratio to the yardstick, and memory, with the targets."""
    yield "| command | median s | least s | CPU s | compared with | ratio | of least | target | MB | target |"
    yield "|---|--:|--:|--:|---|--:|--:|--:|--:|--:|"
    for name, found in figures.items():
        if found.failure:
            yield f"| {name} | failed: {found.failure.replace('|', ' ')[:80]} | | | | | | | | |"
            continue
        seconds, processor, peak = found.each("seconds"), median(found.each("processor")), max(found.each("megabytes"))
        middle, least = median(seconds), min(seconds)
        compared = target = memory = ""
        if name == trees.HELP:
            target = _verdict(middle, HELP_SECONDS, "{:.1f} s")
        if name in RATIOS:
            other, limit = RATIOS[name]
            if name != trees.VERIFY:  # which runs the application: the peak is that of both
                memory = _verdict(peak, MEGABYTES * max(1.0, lines / 100_000), "{:.0f}")
            if against := figures[other].each("seconds"):
                ratio = middle / median(against)
                compared = f"{other} | {ratio:.2f} | {least / min(against):.2f}"
                target = _verdict(ratio, limit, "{:g}")
        times = f"{middle:.3f} | {least:.3f} | {processor:.2f}"
        yield f"| {name} | {times} | {compared or '| |'} | {target} | {peak:.0f} | {memory} |"


def growth(sizes: Sequence[tuple[int, int, Figures]]) -> Iterator[str]:
    """A row for each (copies, lines, figures): the cold analysis, and what 1,000 lines of it cost."""
    yield "| copies | lines | least s | ms for 1,000 lines | ratio | target | MB |"
    yield "|--:|--:|--:|--:|--:|--:|--:|"
    first = 0.0
    for copies, lines, found in sizes:
        if found.failure:
            yield f"| {copies} | {lines:,} | failed: {found.failure.replace('|', ' ')[:80]} | | | | |"
            continue
        least, peak = min(found.each("seconds")), max(found.each("megabytes"))
        each = least * 1e6 / lines
        first = first or each
        ratio = each / first
        target = _verdict(ratio, GROWTH, "{:.2f}")
        yield f"| {copies} | {lines:,} | {least:.2f} | {each:.1f} | {ratio:.2f} | {target} | {peak:.0f} |"


def _verdict(value: float, limit: float, form: str) -> str:
    return f"≤ {form.format(limit)} {'met' if value <= limit else '**missed**'}"
