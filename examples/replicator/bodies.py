"""Function bodies of an exact number of lines: small statements that run, the same each time."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from itertools import count

# fmt: off
WORDS = (
    "amount", "batch", "capacity", "channel", "digest", "effort", "figure", "grade",
    "hint", "intake", "journal", "ledger", "margin", "notice", "output", "period",
    "quota", "region", "sample", "ticket", "unit", "volume", "weight", "yield_rate",
)
# fmt: on
WIDE = 100  # columns

# Every block runs wherever `record` is a dictionary with string keys. {a} and {b} are words, {n} is a number.
BLOCKS: tuple[tuple[str, ...], ...] = (
    ('record["{a}"] = {n}',),
    ("# The {a} is settled before the {b} is looked at.",),
    ('record.setdefault("{a}_{b}", {n})',),
    ('{a}_value = str(record.get("{a}", "{b}"))',),
    ("", 'record["{a}_ready"] = "{b}" in record'),
    ('if "{a}" not in record:', '    record["{a}"] = {n}', ""),
    ("{a}_rows = [", "    (key, str(value))", "    for key, value in sorted(record.items())", "]", ""),
    (
        "# Only the first {n} take part in the {b}.",
        "for position, {a}_key in enumerate(sorted(record)):",
        "    if position > {n}:",
        "        break",
        '    record[{a}_key] = f"{{position}}:{{record[{a}_key]}}"',
        "",
    ),
    (
        "try:",
        '    {a}_value = int(str(record["{b}"]))',
        "except (KeyError, ValueError):",
        "    {a}_value = {n}",
        "",
    ),
    ("record.update(", "    {{", '        "{a}": {n},', '        "{b}": "{b}",', "    }}", ")", ""),
    (
        "",
        "# A long {a} is cut, a missing one is taken from the {b}.",
        'if len(str(record.get("{a}", ""))) > {n}:',
        '    record["{a}"] = "{a}"',
        'elif "{b}" in record:',
        '    record["{a}"] = record["{b}"]',
        "else:",
        '    record["{a}"] = "{b}"',
        "",
    ),
    (
        "{a}_seen: set[str] = set()",
        "for value in record.values():",
        "    if str(value) in {a}_seen:",
        "        continue",
        "    {a}_seen.add(str(value))",
        'record["{a}_kinds"] = len({a}_seen)',
        "",
    ),
    (
        "{a}_steps = {{",
        '    "first": {n},',
        '    "second": 2,',
        '    "third": 3,',
        '    "label": "{a} of the {b}",',
        '    "note": "as agreed",',
        "}}",
        "for step, size in {a}_steps.items():",
        '    record[f"{a}_{{step}}"] = size',
        "",
    ),
)


def seed(*parts: str) -> int:
    """A number that depends on the names alone."""
    return zlib.crc32(".".join(parts).encode())


def snake(name: str) -> str:
    """`HTTPClient` -> `http_client`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def words(name: str) -> str:
    """A name as words for a sentence."""
    return snake(name).strip("_").replace("_", " ") or "value"


def filler(lines: int, start: int) -> list[str]:
    """Exactly that many lines of statements about `record`."""
    out: list[str] = []
    for step in count(start % 9973):
        left = lines - len(out)
        if left <= 0:
            break
        a, b = WORDS[step * 7 % len(WORDS)], WORDS[(step * 11 + 5) % len(WORDS)]
        fitting = [block for block in BLOCKS if len(block) <= left]
        out += [line.format(a=a, b=b, n=3 + step % 40) for line in fitting[step * 5 % len(fitting)]]
    return out


def body(
    name: str,
    lines: int,
    *,
    first: Sequence[str] = (),
    uses: Sequence[tuple[str, ...]] = (),
    last: str = "return record",
    short: str = 'return {"state": "ready"}',
) -> list[str]:
    """The lines below a `def`: `first` as given, some of `uses`, filler, and `last`.

    `uses` are blocks that may follow once `record` exists; as many are taken as leave half of the body to the
    filler. Where there is no room for `record`, the body ends with `short` instead of `last`.
    """
    start, own = seed(name), name.rpartition(".")[2]
    out = list(first)
    left = lines - len(out) - 1
    if left > 2:
        out.insert(0, f'"""{words(own).capitalize()} as the coordinator keeps it."""')
        left -= 1
    if left < 1:
        return [*out, short][:lines]
    out.append(f'record: dict[str, object] = {{"name": "{own}", "revision": {1 + start % 7}}}')
    left -= 1
    half = left // 2
    for step in range(min(3, len(uses))):
        use = uses[(start + step) % len(uses)]
        if len(use) <= half:
            out += use
            half -= len(use)
            left -= len(use)
    return [*out, *filler(left, start), last]


def indented(lines: Sequence[str], levels: int = 1) -> list[str]:
    """The lines, moved to the right; empty ones stay empty."""
    return [" " * 4 * levels + line if line else line for line in lines]


def spread(items: Sequence[str], slots: Sequence[tuple[str, int]]) -> dict[str, list[str]]:
    """Hand lines out to slots of (key, capacity) in order, in proportion to their capacity."""
    given: dict[str, list[str]] = {key: [] for key, _ in slots}
    total = sum(capacity for _, capacity in slots)
    ends, end = [], 0
    for _, capacity in slots:
        end += capacity
        ends.append(end)
    for number, item in enumerate(items):
        point = (number + 0.5) * total / len(items)
        wished = next(place for place, end in enumerate(ends) if point < end)
        order = [*range(wished, len(slots)), *reversed(range(wished))]
        key = next(slots[place][0] for place in order if len(given[slots[place][0]]) < slots[place][1])
        given[key].append(item)
    return given
