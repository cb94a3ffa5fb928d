"""The figures as Markdown, each with its target next to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from benchmarks import commands as c
from benchmarks.measuring import Figures

RATIOS = {  # command: (compared with, at most so many times as long)
    c.WARM: (c.GRIMP_WARM, 1.5),
    c.CHANGED: (c.GRIMP_WARM, 3.0),
    c.COLD: (c.PARSE, 0.2),
    c.LIBCST: (c.PARSE, 0.6),
}
SECONDS = {c.HELP: 0.2}
MEGABYTES = 150  # for each 100,000 lines, of the largest process
MEMORY_OF = (c.WARM, c.CHANGED, c.COLD, c.LIBCST)
GROWTH = 1.25  # most that a line may cost at the largest size, compared with the smallest


def costs(figures: Mapping[str, Figures], lines: int) -> Iterator[str]:
    """A row for each command: time, its ratio to the yardstick, and memory, with their targets."""
    allowed = MEGABYTES * max(1.0, lines / 100_000)
    yield "| command | median s | least s | compared with | ratio | of least | target | memory MB | target |"
    yield "|---|--:|--:|---|--:|--:|--:|--:|--:|"
    for name, found in figures.items():
        if found.failure:
            yield f"| {name} | failed: {found.failure.replace('|', ' ')[:80]} | | | | | | | |"
            continue
        other, ratio, of_least, target = "", "", "", ""
        if name in SECONDS:
            target = _verdict(found.median(), SECONDS[name], "{:.1f} s")
        if name in RATIOS:
            other, limit = RATIOS[name]
            if figures[other].seconds:
                times = found.median() / figures[other].median()
                ratio, target = f"{times:.2f}", _verdict(times, limit, "{:.1f}")
                of_least = f"{min(found.seconds) / min(figures[other].seconds):.2f}"
        memory = _verdict(found.peak(), allowed, "{:.0f}") if name in MEMORY_OF else ""
        yield (
            f"| {name} | {found.median():.3f} | {min(found.seconds):.3f} | {other} | {ratio} | {of_least} "
            f"| {target} | {found.peak():.0f} | {memory} |"
        )


def growth(sizes: Sequence[tuple[int, int, Figures]]) -> Iterator[str]:
    """A row for each (copies, lines, figures): the cold analysis, and what 1,000 lines of it cost."""
    yield "| copies | lines | least s | ms for 1,000 lines | ratio | target | memory MB |"
    yield "|--:|--:|--:|--:|--:|--:|--:|"
    first = 0.0
    for copies, lines, found in sizes:
        if found.failure:
            yield f"| {copies} | {lines:,} | failed: {found.failure} | | | | |"
            continue
        each = min(found.seconds) * 1e6 / lines
        first = first or each
        yield (
            f"| {copies} | {lines:,} | {min(found.seconds):.2f} | {each:.1f} | {each / first:.2f} "
            f"| {_verdict(each / first, GROWTH, '{:.2f}')} | {found.peak():.0f} |"
        )


def _verdict(value: float, limit: float, form: str) -> str:
    return f"≤ {form.format(limit)} {'met' if value <= limit else '**missed**'}"
